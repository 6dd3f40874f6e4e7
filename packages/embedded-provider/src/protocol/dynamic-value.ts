import { decode, encode, ExtensionCodec } from "@msgpack/msgpack";
import type { DynamicValue } from "./messages.ts";
import { isRecord, UnknownValue, unknownValue, type State, type Value } from "./value.ts";

// Terraform writes a plain unknown as extension type 0, and a refined one ("not null", a known prefix) as type 12
const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: 0,
  encode: (value) => (value instanceof UnknownValue ? new Uint8Array(1) : null),
  decode: () => unknownValue,
});
extensionCodec.register({ type: 12, encode: () => null, decode: () => unknownValue });

/**
 * Encodes a value in msgpack, as Terraform expects it on the wire.
 *
 * @see https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md
 */
export function encodeValue(value: Value): DynamicValue {
  return { msgpack: Buffer.from(encode(value, { extensionCodec })) };
}

/** Decodes a value that {@link encodeValue} or Terraform has encoded. No bytes mean null. */
export function decodeValue(value: Partial<DynamicValue> | undefined): Value {
  const bytes = value?.msgpack;
  if (bytes === undefined || bytes.length === 0) return null;
  return decode(bytes, { extensionCodec }) as Value;
}

/** Decodes the body of a resource or of the provider block; null if there is none. */
export function decodeState(value: DynamicValue | undefined): State | null {
  const decoded = decodeValue(value);
  return isRecord(decoded) ? decoded : null;
}
