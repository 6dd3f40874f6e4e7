import { planChange, type Plan } from "../../src/planning/plan.ts";
import type { Block } from "../../src/protocol/schema.ts";
import type { State } from "../../src/protocol/value.ts";
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

/** The prior state of the updates. */
export const existing: State = {
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

/** Plans to create the resource. */
export function create(config: State): Plan {
  const full = { ...empty, ...config };
  return planChange({ block, shape, prior: null, proposed: full, config: full });
}

/** Plans to update the resource. Like Terraform, it proposes the prior value of a computed attribute that is not configured. */
export function update(config: State, prior: State = existing): Plan {
  const computed = ["id", "lifespan", "flow", "uris"];
  const kept = computed
    .filter((name) => !(name in config))
    .map((name) => [name, prior[name] ?? null]);
  const full = { ...empty, realm: "r", ...config };
  const proposed = { ...full, ...(Object.fromEntries(kept) as State) };
  return planChange({ block, shape, prior, proposed, config: full });
}
