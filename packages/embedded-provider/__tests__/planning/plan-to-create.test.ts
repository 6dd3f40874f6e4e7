import { describe, expect, test } from "@jest/globals";
import { unknownValue } from "../../src/protocol/value.ts";
import { create } from "./sample-resource.ts";

describe("a plan to create", () => {
  const { planned, replace } = create({ realm: "r" });

  test("makes computed attributes unknown", () => {
    expect(planned).toMatchObject({
      id: unknownValue,
      lifespan: unknownValue,
      flow: unknownValue,
      uris: unknownValue,
      policy: unknownValue,
    });
  });

  test("sets defaults, and null if there is none", () => {
    expect(planned).toMatchObject({
      enabled: true,
      title: null,
      listeners: null,
      extra: null,
      smtp: [],
    });
    expect(replace).toEqual([]);
  });

  test("prefers the configuration to defaults and computed values", () => {
    const config = { enabled: false, lifespan: "1m", flow: true, uris: ["a"] };
    expect(create({ realm: "r", ...config }).planned).toMatchObject(config);
  });

  test("keeps unknown values, and makes a whole map or set unknown if one value in it is", () => {
    const config = {
      realm: unknownValue,
      extra: { a: "1", b: unknownValue },
      listeners: ["a", unknownValue],
    };
    const all = { realm: unknownValue, extra: unknownValue, listeners: unknownValue };
    expect(create(config).planned).toMatchObject(all);
  });

  test("sets the defaults in a block", () => {
    expect(create({ realm: "r", policy: [{ digits: null }] }).planned.policy).toEqual([
      { digits: 6 },
    ]);
  });

  test("never contains a write-only argument", () => {
    expect(create({ realm: "r", secret: "s" }).planned.secret).toBeNull();
  });

  test("distinguishes an empty text from null, but not an empty set", () => {
    expect(create({ realm: "r", title: "", listeners: [] }).planned).toMatchObject({
      title: "",
      listeners: null,
    });
  });
});
