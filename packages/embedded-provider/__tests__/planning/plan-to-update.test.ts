import { describe, expect, test } from "@jest/globals";
import { unknownValue, type State, type Value } from "../../src/protocol/value.ts";
import { existing, update } from "./sample-resource.ts";

describe("a plan to update", () => {
  test("is the prior state, with the same nulls, if nothing changes", () => {
    expect(update({}).planned).toBe(existing);
    const nulls = { ...existing, title: null, listeners: null };
    expect(update({ title: "" }, nulls).planned).toBe(nulls);
  });

  test("changes nothing if only a write-only argument differs", () => {
    expect(update({ secret: "new" }).planned).toBe(existing);
  });

  test.each<[string, State, string, Value]>([
    ["resets a removed attribute to its default", { ...existing, enabled: false }, "enabled", true],
    [
      "keeps a removed attribute whose difference is suppressed",
      { ...existing, title: "by hand" },
      "title",
      "by hand",
    ],
    [
      "empties a set that is no longer configured",
      { ...existing, listeners: ["a"] },
      "listeners",
      [],
    ],
    ["empties a map that is no longer configured", { ...existing, extra: { a: "1" } }, "extra", {}],
    [
      "removes a block that is no longer configured",
      { ...existing, smtp: [{ port: "25" }] },
      "smtp",
      [],
    ],
    [
      "keeps a computed block that is no longer configured",
      { ...existing, policy: [{ digits: 8 }] },
      "policy",
      [{ digits: 8 }],
    ],
  ])("an update %s", (_, prior, attribute, expected) => {
    expect(update({}, prior).planned[attribute]).toEqual(expected);
  });

  test("changes only what the configuration changes", () => {
    const { planned, replace } = update({ title: "new", flow: true });
    expect(planned).toEqual({ ...existing, title: "new", flow: true });
    expect(replace).toEqual([]);
  });

  test("treats 300s and 5m0s as the same, and an empty computed text as not configured", () => {
    expect(update({ lifespan: "300s" }).planned).toBe(existing);
    expect(update({ lifespan: "" }).planned.lifespan).toBe("5m0s");
    expect(update({ lifespan: "301s" }).planned.lifespan).toBe("301s");
  });

  test("ignores the order of a set", () => {
    const prior = { ...existing, uris: ["a", "b"] };
    expect(update({ uris: ["b", "a"] }, prior).planned).toBe(prior);
  });

  test("treats an absent text in a set block as an empty one", () => {
    const { planned } = update({ authz: [{ mode: null }], title: "x" });
    expect(planned.authz).toEqual([{ mode: "" }]);
    const prior = { ...existing, authz: [{ mode: "" }] };
    expect(update({ authz: [{ mode: null }] }, prior).planned).toBe(prior);
  });

  test("replaces the resource if a forceNew attribute changes or is not known yet", () => {
    expect(update({ realm: "other" }).replace).toEqual(["realm"]);
    expect(update({ realm: unknownValue }).replace).toEqual(["realm"]);
  });
});
