import { expect, test } from "@jest/globals";
import { decode, encode } from "@msgpack/msgpack";
import { decodeState, decodeValue, encodeValue } from "../../src/protocol/dynamic-value.ts";
import { isUnknown, unknownValue } from "../../src/protocol/value.ts";

test.each([
  ["null", null],
  ["texts, including an empty one", ["", "ä ✓"]],
  ["numbers beyond 32 bits", [0, -1, 7_776_000_000, 0.5]],
  ["nested blocks", { a: true, b: [{ c: null, d: ["x"] }] }],
])("encodes and decodes %s", (_, value) => {
  expect(decodeValue(encodeValue(value))).toEqual(value);
});

test("encodes unknown as msgpack extension type 0, as Terraform does", () => {
  expect([...encodeValue(unknownValue).msgpack]).toEqual([0xd4, 0x00, 0x00]);
});

test("decodes msgpack extension type 0 as unknown", () => {
  expect(isUnknown(decodeValue({ msgpack: Buffer.of(0xd4, 0x00, 0x00) }))).toBe(true);
});

test("decodes a refined unknown, msgpack extension type 12, as unknown", () => {
  const refined = Buffer.of(0xc7, 0x03, 0x0c, 0x81, 0x01, 0xc2);
  expect(decodeValue({ msgpack: refined })).toBe(unknownValue);
});

test("encodes integers as integers, as Terraform's decoder requires", () => {
  expect([...encodeValue(5).msgpack]).toEqual([0x05]);
  expect(decode(encodeValue(900).msgpack)).toBe(900);
  expect(encodeValue(900).msgpack).toEqual(Buffer.from(encode(900)));
});

test("decodes no bytes as null", () => {
  expect(decodeValue(undefined)).toBeNull();
  expect(decodeValue({ msgpack: Buffer.of() })).toBeNull();
});

test("decodes a state, and null as no state", () => {
  expect(decodeState(encodeValue({ id: "1" }))).toEqual({ id: "1" });
  expect(decodeState(encodeValue(null))).toBeNull();
});
