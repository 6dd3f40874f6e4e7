import type { Block } from "../protocol/schema.ts";
import {
  isRecord,
  isSame,
  isUnknown,
  unknownValue,
  type State,
  type Value,
} from "../protocol/value.ts";
import type { BlockShape, Shape } from "../shape/shape.ts";
import {
  isEquivalent,
  normalizeNulls,
  withoutWriteOnly,
  withUnknownComputed,
} from "./null-values.ts";
import { planAttribute, type Bodies } from "./plan-attribute.ts";

/** Adjusts a plan by rules of one resource type: the counterpart of the SDK's `CustomizeDiff`. */
export type CustomizePlan = (planned: State, prior: State) => void;

/** Input of a plan. */
export interface PlanInput {
  readonly block: Block;
  readonly shape: Shape;
  /** The prior state; null plans a create. */
  readonly prior: State | null;
  /** Terraform's merge of the configuration with the values that the provider computed before. */
  readonly proposed: State;
  readonly config: State;
  /** @default the plan is not adjusted */
  readonly customize?: CustomizePlan | undefined;
}

/** A planned state. */
export interface Plan {
  readonly planned: State;
  /** Attributes whose change replaces the resource. */
  readonly replace: readonly string[];
}

/**
 * Plans a create or an update as the official provider's SDK does.
 *
 * @see https://github.com/hashicorp/terraform-plugin-sdk/blob/v2.40.1/helper/schema/schema.go (schemaMap.diff)
 */
export function planChange({ block, shape, prior, config, customize, ...input }: PlanInput): Plan {
  const isCreate = prior === null;
  const proposed = withoutWriteOnly(block, input.proposed);
  const replace: string[] = [];
  const raw = planBody(block, shape, { prior: prior ?? {}, proposed, config, isCreate }, replace);
  customize?.(raw, prior ?? {});
  const planned = normalizeNulls(block, raw, proposed, "plan");
  if (prior !== null && isEquivalent(prior, planned)) return { planned: prior, replace: [] };
  return { planned: isCreate ? withUnknownComputed(block, planned) : planned, replace };
}

function planBody(block: Block, shape: Shape, bodies: Bodies, replace: string[]): State {
  const planned: State = {};
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    const field = shape.fields[name] ?? {};
    const before = bodies.prior[name] ?? null;
    const value = planAttribute(name, attribute, field, bodies);
    if (field.forceNew === true && !bodies.isCreate && !isSame(before, value)) replace.push(name);
    planned[name] = value;
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const inner = shape.blocks?.[name] ?? { fields: {} };
    const plan = nested.nesting_mode === "set" ? planSetBlock : planListBlock;
    planned[name] = plan(name, nested.block, inner, bodies, replace);
  }
  return planned;
}

function planListBlock(
  name: string,
  block: Block,
  shape: BlockShape,
  bodies: Bodies,
  replace: string[],
): Value {
  const before = bodies.prior[name] ?? null;
  const after = bodies.proposed[name] ?? null;
  if (isUnknown(after)) return unknownValue;
  if (!Array.isArray(after) || after.length === 0) {
    if (shape.computed !== true) return [];
    return Array.isArray(before) ? before : unknownValue;
  }
  return after.map((item, index) => {
    const inner: Bodies = {
      prior: recordAt(before, index),
      proposed: isRecord(item) ? item : {},
      config: recordAt(bodies.config[name], index),
      isCreate: bodies.isCreate,
    };
    return isUnknown(item) ? item : planBody(block, shape, inner, replace);
  });
}

// an item of a set has no identity: any difference replaces the whole item, and the SDK writes absent texts as ""
function planSetBlock(name: string, block: Block, shape: BlockShape, bodies: Bodies): Value {
  const before = bodies.prior[name] ?? null;
  const after = bodies.proposed[name] ?? null;
  if (isUnknown(after)) return unknownValue;
  const items = Array.isArray(after) ? after : [];
  const next = items.map((item) => completeItem(block, shape, isRecord(item) ? item : {}));
  return Array.isArray(before) && isEquivalent(before, next) ? before : next;
}

function completeItem(block: Block, shape: BlockShape, item: State): State {
  const complete: State = {};
  for (const [name, { type }] of Object.entries(block.attributes ?? {})) {
    const absent = shape.fields[name]?.default ?? (type === "string" ? "" : null);
    complete[name] = item[name] ?? absent;
  }
  return complete;
}

function recordAt(list: Value | undefined, index: number): State {
  const item = Array.isArray(list) ? list[index] : undefined;
  return isRecord(item) ? item : {};
}
