/** What a change will do: the embedded provider's counterpart of the official SDK's diff. */
import { adopt, isEquivalent, withComputedUnknown, withoutWriteOnly } from "./normalize.ts";
import { zero, type Attribute, type Block } from "./schema.ts";
import type { BlockShape, Field, Shape } from "./shape.ts";
import {
  asText,
  hasUnknown,
  isRecord,
  isSame,
  isUnknown,
  UNKNOWN,
  type State,
  type Value,
} from "./value.ts";

/** A planned state, and the attributes whose change replaces the resource. */
export interface Plan {
  readonly planned: State;
  readonly replace: readonly string[];
}

/** Three views of one body, of which an absent one is empty. */
interface Bodies {
  readonly prior: State;
  /** Terraform's merge of the configuration with what the provider computed before. */
  readonly proposed: State;
  readonly config: State;
  readonly creating: boolean;
}

/** Adjusts a plan by what only the resource knows; the counterpart of the SDK's CustomizeDiff. */
export type Customize = (planned: State, prior: State) => void;

/** Plans a create (`prior` null) or an update. */
export function planChange(
  block: Block,
  shape: Shape,
  prior: State | null,
  proposed: State,
  config: State,
  customize?: Customize,
): Plan {
  const creating = prior === null;
  const replace: string[] = [];
  const bodies = {
    prior: prior ?? {},
    proposed: withoutWriteOnly(block, proposed),
    config,
    creating,
  };
  const raw = planBody(block, shape, bodies, replace);
  customize?.(raw, bodies.prior);
  const planned = adopt(block, raw, bodies.proposed, false);
  if (prior !== null && isEquivalent(prior, planned)) return { planned: prior, replace: [] };
  return { planned: creating ? withComputedUnknown(block, planned) : planned, replace };
}

function planBody(block: Block, shape: Shape, bodies: Bodies, replace: string[]): State {
  const planned: State = {};
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    const field = shape.fields[name] ?? {};
    const before = bodies.prior[name] ?? null;
    const value = planAttribute(name, attribute, field, bodies);
    if (field.forceNew === true && !bodies.creating && !isSame(before, value)) replace.push(name);
    planned[name] = value;
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const inner = shape.blocks?.[name] ?? { fields: {} };
    const plan = nested.nesting_mode === "set" ? planSetBlock : planListBlock;
    planned[name] = plan(name, nested.block, inner, bodies, replace);
  }
  return planned;
}

function planAttribute(name: string, attribute: Attribute, field: Field, bodies: Bodies): Value {
  const before = bodies.prior[name] ?? null;
  const after = bodies.proposed[name] ?? field.default ?? null;
  const { type, computed = false } = attribute;
  if (typeof type === "string") {
    const configured = (bodies.config[name] ?? null) !== null;
    return planPrimitive(before, after, attribute, field, configured, bodies.creating);
  }
  if (type[0] === "map") return planMap(before, after);
  // As the official SDK does: a set in which one element is unknown is unknown as a whole.
  if ((after === null && computed) || hasUnknown(after)) return UNKNOWN;
  const [old, next] = [before ?? [], after ?? []];
  return isSame(old, next) ? before : next;
}

function planPrimitive(
  before: Value,
  after: Value,
  { type, computed = false }: Attribute,
  { suppress }: Field,
  configured: boolean,
  creating: boolean,
): Value {
  const old = before === null ? "" : asText(before);
  const next = isUnknown(after) ? "" : asText(after ?? (before === null ? "" : zero(type)));
  if (!isUnknown(after)) {
    if (old === next && (old !== "" || !creating || !computed)) return before;
    if (computed && next === "") return old === "" ? UNKNOWN : before;
  }
  return suppress?.(old, next, configured) === true ? before : after;
}

function planMap(before: Value, after: Value): Value {
  if (after !== null && hasUnknown(after)) return UNKNOWN;
  const entries = isRecord(after)
    ? Object.entries(after).filter(([, value]) => value !== null)
    : [];
  const next = Object.fromEntries(entries);
  return isSame(before ?? {}, next) ? before : next;
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
  if (isUnknown(after)) return UNKNOWN;
  if (!Array.isArray(after) || after.length === 0) {
    if (shape.computed !== true) return [];
    return Array.isArray(before) ? before : UNKNOWN;
  }
  return after.map((item, index) => {
    const inner: Bodies = {
      prior: recordAt(before, index),
      proposed: isRecord(item) ? item : {},
      config: recordAt(bodies.config[name], index),
      creating: bodies.creating,
    };
    return isUnknown(item) ? item : planBody(block, shape, inner, replace);
  });
}

// A set's item has no identity: any difference replaces the item as a whole, and the SDK writes each absent text as "".
function planSetBlock(name: string, block: Block, shape: BlockShape, bodies: Bodies): Value {
  const before = bodies.prior[name] ?? null;
  const after = bodies.proposed[name] ?? null;
  if (isUnknown(after)) return UNKNOWN;
  const next = (Array.isArray(after) ? after : []).map((item) => {
    const from = isRecord(item) ? item : {};
    const complete: State = {};
    for (const [key, { type }] of Object.entries(block.attributes ?? {})) {
      complete[key] = from[key] ?? shape.fields[key]?.default ?? (type === "string" ? "" : null);
    }
    return complete;
  });
  return Array.isArray(before) && isEquivalent(before, next) ? before : next;
}

function recordAt(list: Value | undefined, index: number): State {
  const item = Array.isArray(list) ? list[index] : undefined;
  return isRecord(item) ? item : {};
}
