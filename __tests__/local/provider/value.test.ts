import { describe, expect, test } from "@jest/globals";
import { decode, encode } from "@msgpack/msgpack";

import {
  decodeValue,
  encodeValue,
  hasUnknown,
  isSame,
  isUnknown,
  UNKNOWN,
  withoutUnknowns,
} from "../../../local/provider/value.ts";

describe("the value codec", () => {
  test.each([
    ["null", null],
    ["texts, also empty", ["", "ä ✓"]],
    ["numbers beyond 32 bits", [0, -1, 7_776_000_000, 0.5]],
    ["nested blocks", { a: true, b: [{ c: null, d: ["x"] }] }],
  ])("brings %s through both ways", (_name, value) => {
    expect(decodeValue(encodeValue(value))).toEqual(value);
  });

  test("writes unknown as msgpack extension type 0, as Terraform does", () => {
    expect([...encodeValue(UNKNOWN)]).toEqual([0xd4, 0x00, 0x00]);
    expect(isUnknown(decodeValue(Uint8Array.of(0xd4, 0x00, 0x00)))).toBe(true);
  });

  test("reads a refined unknown (extension type 12) as unknown", () => {
    const refined = Uint8Array.of(0xc7, 0x03, 0x0c, 0x81, 0x01, 0xc2);
    expect(decodeValue(refined)).toBe(UNKNOWN);
  });

  test("writes integers as integers, which Terraform's decoder demands", () => {
    expect([...encodeValue(5)]).toEqual([0x05]);
    expect(decode(encodeValue(900))).toBe(900);
    expect(encodeValue(900)).toEqual(Buffer.from(encode(900)));
  });

  test("takes no bytes for null", () => {
    expect(decodeValue(undefined)).toBeNull();
    expect(decodeValue(new Uint8Array())).toBeNull();
  });
});

describe("values", () => {
  test("find an unknown at any depth", () => {
    expect(hasUnknown({ a: [{ b: UNKNOWN }] })).toBe(true);
    expect(hasUnknown({ a: [{ b: null }] })).toBe(false);
  });

  test("lose their unknowns when they are applied", () => {
    expect(withoutUnknowns({ id: UNKNOWN, list: ["a", UNKNOWN] })).toEqual({
      id: null,
      list: ["a", null],
    });
  });

  test("compare sets without order and tell unknown from every text", () => {
    expect(isSame(["a", "b"], ["b", "a"])).toBe(true);
    expect(isSame(["a", "a"], ["a", "b"])).toBe(false);
    expect(isSame(UNKNOWN, "?")).toBe(false);
    expect(isSame({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  });
});
