/** Terraform's values as they travel between Terraform and a provider: msgpack, with extension types for "known after apply". */
import { decode, encode, ExtensionCodec } from "@msgpack/msgpack";

class Unknown {
  readonly known = false;
}

/** A value that Terraform learns only when it applies. */
export const UNKNOWN = new Unknown();

/** A Terraform value. Lists and sets are arrays; maps, objects and nested blocks are records. */
export type Value = null | boolean | number | string | Unknown | Value[] | { [key: string]: Value };

/** The attributes and blocks of one resource, or of one nested block. */
export type State = Record<string, Value>;

// Terraform writes a plain unknown as type 0 and one of which it knows something ("not null", a prefix) as type 12.
const codec = new ExtensionCodec();
codec.register({
  type: 0,
  encode: (value) => (value instanceof Unknown ? new Uint8Array(1) : null),
  decode: () => UNKNOWN,
});
codec.register({ type: 12, encode: () => null, decode: () => UNKNOWN });

/** The value in msgpack, as the field `msgpack` of the protocol's DynamicValue. */
export function encodeValue(value: Value): Buffer {
  return Buffer.from(encode(value, { extensionCodec: codec }));
}

/** Reads what {@link encodeValue} or Terraform has written; nothing at all is null. */
export function decodeValue(bytes: Uint8Array | undefined): Value {
  if (bytes === undefined || bytes.length === 0) return null;
  return decode(bytes, { extensionCodec: codec }) as Value;
}

/** Whether the value is {@link UNKNOWN} itself. */
export function isUnknown(value: Value | undefined): value is typeof UNKNOWN {
  return value instanceof Unknown;
}

/** Whether the value is unknown or holds an unknown anywhere. */
export function hasUnknown(value: Value): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}

/** Whether the value is a map, an object or a nested block. */
export function isRecord(value: Value | undefined): value is State {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isUnknown(value);
}

/** A deep copy in which everything unknown is null: what a provider works with while it applies. */
export function withoutUnknowns(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutUnknowns);
  if (!isRecord(value)) return isUnknown(value) ? null : value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, withoutUnknowns(v)]));
}

/** A text, number or boolean as text; "" for everything else. */
export function asText(value: Value | undefined): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}

/** Null, false, 0, "" or nothing in it: what the official provider cannot tell from "not set". */
export function isZero(value: Value | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.keys(value).length === 0;
  return value === false || value === 0 || value === "";
}

/** Whether two sets, as arrays in any order, or any other two values are the same. */
export function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return canonical(a ?? null) === canonical(b ?? null);
}

function canonical(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (!isRecord(value)) return isUnknown(value) ? "?" : JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonical(v)}`).join()}}`;
}
