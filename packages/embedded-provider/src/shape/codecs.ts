import { asText, type Value } from "../protocol/value.ts";
import { formatDuration, parseDuration } from "./duration.ts";

/** Translates between the value of an attribute, never null, and Keycloak's JSON. */
export interface Codec {
  readonly encode: (value: Value) => unknown;
  readonly decode: (json: unknown) => Value;
  /**
   * The value in the state if Keycloak has none.
   * @default the type's zero value
   */
  readonly zero?: Value;
}

/** A boolean that Keycloak stores as text, as it does in every map of attributes. */
export const quotedBool: Codec = { encode: String, decode: (json) => json === "true" };

/** A list of URLs in one string, separated by `##`, as in `post.logout.redirect.uris`; null if it is empty. */
export const hashDelimited: Codec = {
  encode: (value) =>
    Array.isArray(value) && value.length > 0 ? value.map(asText).join("##") : null,
  decode: (json) => String(json).split("##"),
};

/** A list that Keycloak expects as null if it is empty. */
export const nullableList: Codec = {
  encode: (value) => (Array.isArray(value) && value.length > 0 ? value : null),
  decode: (json) => json as Value,
};

/** Seconds in Keycloak, a duration such as `1h30m0s` in Terraform. */
export const seconds: Codec = {
  encode: (value) => (value === "" ? 0 : Math.trunc(parseDuration(asText(value)))),
  decode: (json) => formatDuration(Number(json)),
  zero: "0s",
};

/** Text in Keycloak, a number in Terraform; 0 and `""` are the same. */
export const quotedNumber: Codec = {
  encode: (value) => (value === 0 ? "" : asText(value)),
  decode: (json) => Number(json),
};
