/** How Keycloak writes values that are more than plain JSON. */
import { formatDuration, parseDuration } from "./duration.ts";
import { asText, type Value } from "./value.ts";

/** Both directions between an attribute's value, never null, and Keycloak's JSON. */
export interface Codec {
  readonly encode: (value: Value) => unknown;
  readonly decode: (json: unknown) => Value;
  /** What stands in the state when Keycloak says nothing. @default the type's zero value */
  readonly zero?: Value;
}

/** A boolean that Keycloak keeps as text, as it does in every map of attributes. */
export const quotedBool: Codec = { encode: String, decode: (json) => json === "true" };

/** A list of addresses in one attribute, as in `post.logout.redirect.uris`. */
export const hashDelimited: Codec = {
  encode: (value) =>
    Array.isArray(value) && value.length > 0 ? value.map(asText).join("##") : null,
  decode: (json) => String(json).split("##"),
};

/** A list for which Keycloak wants null when it is empty. */
export const nullableList: Codec = {
  encode: (value) => (Array.isArray(value) && value.length > 0 ? value : null),
  decode: (json) => json as Value,
};

/** Seconds, written as a duration such as `1h30m0s`. */
export const seconds: Codec = {
  encode: (value) => (value === "" ? 0 : Math.trunc(parseDuration(asText(value)))),
  decode: (json) => formatDuration(Number(json)),
  zero: "0s",
};

/** Text in Keycloak, a number in Terraform; 0 and "" are the same. */
export const quotedNumber: Codec = {
  encode: (value) => (value === 0 ? "" : asText(value)),
  decode: (json) => Number(json),
};
