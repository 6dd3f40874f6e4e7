import { describe, expect, test } from "@jest/globals";
import {
  partsFromJson,
  partsToJson,
} from "../../../src/resources/client-policy/policy-configuration.ts";

const executor = (configuration: Record<string, string>) => [{ name: "x", configuration }];
const sent = (value: string, name = "x") =>
  partsToJson("condition", [{ name, configuration: { value } }]);

describe("the configuration of a client policy", () => {
  test("is sent as JSON if it begins like JSON", () => {
    expect(sent('["a"]')).toEqual([{ condition: "x", configuration: { value: ["a"] } }]);
    expect(sent('{"a":1}')).toEqual([{ condition: "x", configuration: { value: { a: 1 } } }]);
    expect(sent("true")).toEqual([{ condition: "x", configuration: { value: "true" } }]);
    expect(sent("[a-z]")).toEqual([{ condition: "x", configuration: { value: null } }]);
  });

  test("of a condition on attributes stays text", () => {
    const configuration = { value: '[{"key":"a"}]' };
    expect(sent(configuration.value, "client-attributes")).toEqual([
      { condition: "client-attributes", configuration },
    ]);
  });

  test("is read as the official provider writes it", () => {
    const json = { list: ["a<b", "c&d"], object: { z: 1, a: [true] }, text: "[", number: 5 };
    expect(partsFromJson("executor", [{ executor: "x", configuration: json }])).toEqual(
      executor({
        list: String.raw`["a\u003cb","c\u0026d"]`,
        object: '{"a":[true],"z":1}',
        text: "[",
        number: "5",
      }),
    );
  });

  test("may be missing", () => {
    expect(partsToJson("executor", [{ name: "x", configuration: null }])).toEqual([
      { executor: "x", configuration: {} },
    ]);
    expect(partsFromJson("executor", [{ executor: "x" }])).toEqual(executor({}));
    expect(partsFromJson("executor", undefined)).toEqual([]);
  });
});
