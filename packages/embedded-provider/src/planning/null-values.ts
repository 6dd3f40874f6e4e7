import { zeroValue, type Block } from "../protocol/schema.ts";
import {
  hasUnknown,
  isRecord,
  isSame,
  isUnknown,
  isZero,
  unknownValue,
  type State,
  type Value,
} from "../protocol/value.ts";

/** The call that a state is normalized for. */
export type Phase = "read" | "plan" | "apply";

/**
 * Restores the difference between null and zero, which the official provider's SDK loses: `value` gets the nulls, the empty
 * texts and, in apply, the whole sets of `source` if both mean the same. Without it, the states of the two providers differ.
 *
 * @param source the state before (read), the proposed state (plan) or the planned state (apply)
 * @see https://github.com/hashicorp/terraform-plugin-sdk/blob/v2.40.1/helper/schema/grpc_provider.go (normalizeNullValues)
 */
export function normalizeNulls(block: Block, value: State, source: State, phase: Phase): State {
  const result: State = { ...value };
  for (const [name, { type }] of Object.entries(block.attributes ?? {})) {
    const kind = typeof type === "string" ? type : type[0];
    result[name] = normalizeAttribute(value[name] ?? null, source[name] ?? null, kind, phase);
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const items = value[name] ?? null;
    const sources = source[name] ?? null;
    if (!Array.isArray(items) || !Array.isArray(sources)) continue;
    if (nested.nesting_mode === "set") {
      if (phase === "apply" && !hasUnknown(sources)) result[name] = sources;
    } else if (items.length === sources.length) {
      result[name] = normalizeItems(nested.block, items, sources, phase);
    }
  }
  return result;
}

function normalizeItems(block: Block, items: Value[], sources: Value[], phase: Phase): Value[] {
  return items.map((item, index) => {
    const source = sources[index];
    return isRecord(item) && isRecord(source) ? normalizeNulls(block, item, source, phase) : item;
  });
}

function normalizeAttribute(value: Value, source: Value, kind: string, phase: Phase): Value {
  const isApply = phase === "apply";
  if (isUnknown(source)) return value === null && !isApply ? source : value;
  if (kind === "string") return value === null && source === "" ? "" : value;
  const isCollection = kind === "map" || kind === "set" || kind === "list";
  if (!isCollection || !isApply || isUnknown(value)) return value;
  if (isZero(value) && isZero(source)) return source;
  return kind === "set" && source !== null && !hasUnknown(source) ? source : value;
}

/** Whether two values are equal if null and zero count as equal: such a plan changes nothing. */
export function isEquivalent(a: Value, b: Value): boolean {
  if (isUnknown(a) || isUnknown(b)) return isUnknown(a) && isUnknown(b);
  if (isZero(a) || isZero(b)) return isZero(a) && isZero(b);
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => key in b && isEquivalent(a[key] ?? null, b[key] ?? null))
    );
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item) => b.some((other) => isEquivalent(item, other)));
  }
  return isSame(a, b);
}

/** Makes every computed attribute that is still null unknown, as a plan to create requires. */
export function withUnknownComputed(block: Block, state: State): State {
  const result: State = { ...state };
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    if (attribute.computed === true && (state[name] ?? null) === null) result[name] = unknownValue;
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const items = state[name];
    if (!Array.isArray(items)) continue;
    result[name] = items.map((item) =>
      isRecord(item) ? withUnknownComputed(nested.block, item) : item,
    );
  }
  return result;
}

/** Removes write-only arguments, which neither a plan nor a state may contain. */
export function withoutWriteOnly(block: Block, state: State): State {
  const result: State = { ...state };
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    if (attribute.write_only === true) result[name] = null;
  }
  return result;
}

/** Sets attributes that an update removes to zero, as in the official provider; those that were never set stay null. */
export function withZeroForRemoved(block: Block, state: State, prior: State | null): State {
  const result: State = { ...state };
  for (const [name, { type }] of Object.entries(block.attributes ?? {})) {
    const isRemoved = (prior?.[name] ?? null) !== null && state[name] === null;
    if (isRemoved && typeof type === "string") result[name] = zeroValue(type);
  }
  return result;
}
