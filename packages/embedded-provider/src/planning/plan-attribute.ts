import { zeroValue, type Attribute, type Type } from "../protocol/schema.ts";
import {
  asText,
  hasUnknown,
  isRecord,
  isSame,
  isUnknown,
  unknownValue,
  type State,
  type Value,
} from "../protocol/value.ts";
import type { Field } from "../shape/shape.ts";

/** Three views of one body, a resource's or a nested block's; an absent one is empty. */
export interface Bodies {
  readonly prior: State;
  readonly proposed: State;
  readonly config: State;
  readonly isCreate: boolean;
}

/** Plans one attribute of a body. */
export function planAttribute(
  name: string,
  attribute: Attribute,
  field: Field,
  bodies: Bodies,
): Value {
  const before = bodies.prior[name] ?? null;
  const after = bodies.proposed[name] ?? field.default ?? null;
  const { type, computed = false } = attribute;
  if (typeof type === "string") {
    const isConfigured = (bodies.config[name] ?? null) !== null;
    const { isCreate } = bodies;
    return planPrimitive({ type, computed, field, before, after, isConfigured, isCreate });
  }
  if (type[0] === "map") return planMap(before, after, field);
  // as in the official SDK, one unknown element makes the whole set unknown
  if ((after === null && computed) || hasUnknown(after)) return unknownValue;
  const [old, next] = [before ?? [], after ?? []];
  return isSame(old, next) ? before : next;
}

interface PrimitiveChange {
  readonly type: Type;
  readonly computed: boolean;
  readonly field: Field;
  readonly before: Value;
  readonly after: Value;
  readonly isConfigured: boolean;
  readonly isCreate: boolean;
}

// the SDK compares primitives as text, in which null is ""
function planPrimitive(change: PrimitiveChange): Value {
  const { type, computed, field, before, after, isConfigured, isCreate } = change;
  const old = before === null ? "" : asText(before);
  const next = isUnknown(after) ? "" : asText(after ?? (before === null ? "" : zeroValue(type)));
  if (!isUnknown(after)) {
    if (old === next && (old !== "" || !isCreate || !computed)) return before;
    if (computed && next === "") return old === "" ? unknownValue : before;
  }
  return field.suppress?.(old, next, isConfigured) === true ? before : after;
}

function planMap(before: Value, after: Value, { suppress }: Field): Value {
  if (after !== null && hasUnknown(after)) return unknownValue;
  const entries = isRecord(after)
    ? Object.entries(after).filter(([, value]) => value !== null)
    : [];
  const old = isRecord(before) ? before : {};
  const next = Object.fromEntries(
    entries.map(([key, value]) => {
      const isSuppressed = suppress?.(asText(old[key]), asText(value), true) === true;
      return [key, isSuppressed && key in old ? (old[key] ?? null) : value];
    }),
  );
  return isSame(old, next) ? before : next;
}
