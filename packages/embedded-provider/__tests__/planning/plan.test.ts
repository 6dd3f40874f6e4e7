import { describe, expect, test } from "@jest/globals";
import { planChange, type Plan } from "../../src/planning/plan.ts";
import type { Block } from "../../src/protocol/schema.ts";
import { unknownValue, type State, type Value } from "../../src/protocol/value.ts";
import { isSameDuration } from "../../src/shape/duration.ts";
import { unlessConfigured, type Shape } from "../../src/shape/shape.ts";

const block: Block = {
  attributes: {
    id: { type: "string", optional: true, computed: true },
    realm: { type: "string", required: true },
    enabled: { type: "bool", optional: true },
    title: { type: "string", optional: true },
    lifespan: { type: "string", optional: true, computed: true },
    flow: { type: "bool", optional: true, computed: true },
    uris: { type: ["set", "string"], optional: true, computed: true },
    listeners: { type: ["set", "string"], optional: true },
    extra: { type: ["map", "string"], optional: true },
    secret: { type: "string", optional: true, write_only: true },
  },
  block_types: {
    policy: {
      nesting_mode: "list",
      max_items: 1,
      block: { attributes: { digits: { type: "number", optional: true } } },
    },
    smtp: {
      nesting_mode: "list",
      max_items: 1,
      block: { attributes: { port: { type: "string", optional: true } } },
    },
    authz: {
      nesting_mode: "set",
      max_items: 1,
      block: { attributes: { mode: { type: "string", optional: true } } },
    },
  },
};

const shape: Shape = {
  fields: {
    realm: { forceNew: true },
    enabled: { default: true },
    title: { suppress: unlessConfigured },
    lifespan: { suppress: isSameDuration },
  },
  blocks: {
    policy: { computed: true, fields: { digits: { default: 6 } } },
    smtp: { fields: {} },
    authz: { fields: {} },
  },
};

const empty: State = {
  id: null,
  realm: null,
  enabled: null,
  title: null,
  lifespan: null,
  flow: null,
  uris: null,
  listeners: null,
  extra: null,
  secret: null,
  policy: [],
  smtp: [],
  authz: [],
};
const existing: State = {
  ...empty,
  id: "1",
  realm: "r",
  enabled: true,
  title: "",
  lifespan: "5m0s",
  flow: false,
  uris: [],
  listeners: [],
  extra: {},
  policy: [{ digits: 6 }],
};

function create(config: State): Plan {
  const full = { ...empty, ...config };
  return planChange({ block, shape, prior: null, proposed: full, config: full });
}

/** Proposes as Terraform does: computed attributes that are not configured keep their prior value. */
function update(config: State, prior: State = existing): Plan {
  const computed = ["id", "lifespan", "flow", "uris"];
  const kept = computed
    .filter((name) => !(name in config))
    .map((name) => [name, prior[name] ?? null]);
  const full = { ...empty, realm: "r", ...config };
  const proposed = { ...full, ...(Object.fromEntries(kept) as State) };
  return planChange({ block, shape, prior, proposed, config: full });
}

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
  ])("%s", (_, prior, attribute, expected) => {
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
