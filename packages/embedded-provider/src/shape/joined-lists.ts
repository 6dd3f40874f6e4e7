import { asText, isRecord } from "../protocol/value.ts";
import type { Codec } from "./codecs.ts";
import type { Suppress } from "./shape.ts";

const separator = "##";

/** A map of lists in Keycloak, such as the attributes of a role; in Terraform, the values of one list are joined by `##`. */
export const joinedLists: Codec = {
  encode: (map) =>
    Object.fromEntries(
      Object.entries(isRecord(map) ? map : {}).map(([key, joined]) => [
        key,
        asText(joined).split(separator),
      ]),
    ),
  decode: (json) =>
    Object.fromEntries(
      Object.entries(json as Record<string, string[]>).map(([key, list]) => [
        key,
        list.join(separator),
      ]),
    ),
};

/** Ignores the order of joined values. */
export const unlessOnlyReordered: Suppress = (before, after) => sorted(before) === sorted(after);

function sorted(joined: string): string {
  return joined.split(separator).sort().join(separator);
}
