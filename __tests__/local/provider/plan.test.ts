import { describe, expect, test } from "@jest/globals";

import { planChange, type Plan } from "../../../local/provider/plan.ts";
import type { Block } from "../../../local/provider/schema.ts";
import { unlessConfigured, type Shape } from "../../../local/provider/shape.ts";
import { sameDuration } from "../../../local/provider/duration.ts";
import { UNKNOWN, type State, type Value } from "../../../local/provider/value.ts";

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
    lifespan: { suppress: sameDuration },
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
  return planChange(block, shape, null, { ...empty, ...config }, { ...empty, ...config });
}

/** As Terraform proposes it: what is computed and not configured keeps its prior value. */
function update(config: State, prior: State = existing): Plan {
  const computed = ["id", "lifespan", "flow", "uris"];
  const kept = computed
    .filter((name) => !(name in config))
    .map((name) => [name, prior[name] ?? null]);
  const full = { ...empty, realm: "r", ...config };
  return planChange(block, shape, prior, { ...full, ...(Object.fromEntries(kept) as State) }, full);
}

describe("a plan to create", () => {
  const { planned, replace } = create({ realm: "r" });

  test("leaves what Keycloak computes unknown", () => {
    expect(planned).toMatchObject({
      id: UNKNOWN,
      lifespan: UNKNOWN,
      flow: UNKNOWN,
      uris: UNKNOWN,
      policy: UNKNOWN,
    });
  });

  test("takes defaults, and null where there is none", () => {
    expect(planned).toMatchObject({
      enabled: true,
      title: null,
      listeners: null,
      extra: null,
      smtp: [],
    });
    expect(replace).toEqual([]);
  });

  test("lets the configuration win over defaults and computed values", () => {
    const config = { enabled: false, lifespan: "1m", flow: true, uris: ["a"] };
    expect(create({ realm: "r", ...config }).planned).toMatchObject(config);
  });

  test("passes unknown values on, and makes a map or a set unknown as a whole when one value in it is", () => {
    const config = { realm: UNKNOWN, extra: { a: "1", b: UNKNOWN }, listeners: ["a", UNKNOWN] };
    const all = { realm: UNKNOWN, extra: UNKNOWN, listeners: UNKNOWN };
    expect(create(config).planned).toMatchObject(all);
  });

  test("fills a block's defaults", () => {
    expect(create({ realm: "r", policy: [{ digits: null }] }).planned.policy).toEqual([
      { digits: 6 },
    ]);
  });

  test("never shows a write-only argument", () => {
    expect(create({ realm: "r", secret: "s" }).planned.secret).toBeNull();
  });

  test("knows an explicit empty text, but not an empty set, from nothing", () => {
    expect(create({ realm: "r", title: "", listeners: [] }).planned).toMatchObject({
      title: "",
      listeners: null,
    });
  });
});

describe("a plan to update", () => {
  test("is the prior state, to the last null, when nothing changes", () => {
    expect(update({}).planned).toBe(existing);
    const nulls = { ...existing, title: null, listeners: null };
    expect(update({ title: "" }, nulls).planned).toBe(nulls);
  });

  test("is empty when only a write-only argument differs", () => {
    expect(update({ secret: "new" }).planned).toBe(existing);
  });

  test.each<[string, State, string, Value]>([
    [
      "a removed attribute goes back to its default",
      { ...existing, enabled: false },
      "enabled",
      true,
    ],
    ["a suppressed one stays", { ...existing, title: "by hand" }, "title", "by hand"],
    [
      "a set that is configured no more gets empty",
      { ...existing, listeners: ["a"] },
      "listeners",
      [],
    ],
    [
      "a map that is configured no more gets empty",
      { ...existing, extra: { a: "1" } },
      "extra",
      {},
    ],
    [
      "a block that is configured no more goes",
      { ...existing, smtp: [{ port: "25" }] },
      "smtp",
      [],
    ],
    [
      "a computed block that is configured no more stays",
      { ...existing, policy: [{ digits: 8 }] },
      "policy",
      [{ digits: 8 }],
    ],
  ])("%s", (_name, prior, attribute, expected) => {
    expect(update({}, prior).planned[attribute]).toEqual(expected);
  });

  test("changes what the configuration changes, with the rest as it was", () => {
    const { planned, replace } = update({ title: "new", flow: true });
    expect(planned).toEqual({ ...existing, title: "new", flow: true });
    expect(replace).toEqual([]);
  });

  test("takes 300s and 5m0s for the same, and an empty computed text for not configured", () => {
    expect(update({ lifespan: "300s" }).planned).toBe(existing);
    expect(update({ lifespan: "" }).planned.lifespan).toBe("5m0s");
    expect(update({ lifespan: "301s" }).planned.lifespan).toBe("301s");
  });

  test("ignores the order of a set", () => {
    const prior = { ...existing, uris: ["a", "b"] };
    expect(update({ uris: ["b", "a"] }, prior).planned).toBe(prior);
  });

  test("writes a set block's absent texts as empty ones and compares by meaning", () => {
    const { planned } = update({ authz: [{ mode: null }], title: "x" });
    expect(planned.authz).toEqual([{ mode: "" }]);
    const prior = { ...existing, authz: [{ mode: "" }] };
    expect(update({ authz: [{ mode: null }] }, prior).planned).toBe(prior);
  });

  test("replaces when a forceNew attribute changes or is unknown yet", () => {
    expect(update({ realm: "other" }).replace).toEqual(["realm"]);
    expect(update({ realm: UNKNOWN }).replace).toEqual(["realm"]);
  });
});
