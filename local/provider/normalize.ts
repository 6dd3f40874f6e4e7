/**
 * The official provider's SDK cannot tell null from zero and repairs afterwards what it lost. These are its repairs,
 * so that a state or a plan of either provider is the same to the last null.
 */
import type { Block } from "./schema.ts";
import {
  hasUnknown,
  isRecord,
  isSame,
  isUnknown,
  isZero,
  UNKNOWN,
  type State,
  type Value,
} from "./value.ts";

/** Gives `value` the nulls, empty texts and (while applying) whole sets that `source` has where both mean the same. */
export function adopt(block: Block, value: State, source: State, applying: boolean): State {
  const result: State = { ...value };
  for (const [name, { type }] of Object.entries(block.attributes ?? {})) {
    result[name] = adoptAttribute(
      value[name] ?? null,
      source[name] ?? null,
      typeof type === "string" ? type : type[0],
      applying,
    );
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const items = value[name] ?? null;
    const sources = source[name] ?? null;
    if (!Array.isArray(items) || !Array.isArray(sources)) continue;
    if (nested.nesting_mode === "set") {
      if (applying && !hasUnknown(sources)) result[name] = sources;
    } else if (items.length === sources.length) {
      result[name] = items.map((item, index) => {
        const other = sources[index];
        return isRecord(item) && isRecord(other)
          ? adopt(nested.block, item, other, applying)
          : item;
      });
    }
  }
  return result;
}

function adoptAttribute(value: Value, source: Value, kind: string, applying: boolean): Value {
  if (isUnknown(source)) return value === null && !applying ? source : value;
  if (kind === "string") return value === null && source === "" ? "" : value;
  const isCollection = kind === "map" || kind === "set" || kind === "list";
  if (!isCollection || !applying || isUnknown(value)) return value;
  if (isZero(value) && isZero(source)) return source;
  return kind === "set" && source !== null && !hasUnknown(source) ? source : value;
}

/** Whether two states differ in nothing but null against zero: then a plan changes nothing. */
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

/** Makes every computed attribute unknown that still is null: what a plan to create must say. */
export function withComputedUnknown(block: Block, state: State): State {
  const result: State = { ...state };
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    if (attribute.computed === true && (state[name] ?? null) === null) result[name] = UNKNOWN;
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const items = state[name];
    if (!Array.isArray(items)) continue;
    result[name] = items.map((item) =>
      isRecord(item) ? withComputedUnknown(nested.block, item) : item,
    );
  }
  return result;
}

/** Takes out write-only arguments, which no plan and no state may hold. */
export function withoutWriteOnly(block: Block, state: State): State {
  const result: State = { ...state };
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    if (attribute.write_only === true) result[name] = null;
  }
  return result;
}
