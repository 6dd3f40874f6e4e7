import type { ValueChange } from "./declaration-change.ts";

/** Replacement for a value that nobody should see. */
export const hidden = "(hidden)";

/** Names of attributes that contain a secret, or look as if they did. */
const secretLike = /secret|password|passwd|credential|private[._-]?key/i;

/** Settings about secrets that are no secrets themselves. */
const harmless = /^(password_policy|reset_password_allowed)$/;

/** Whether an attribute's values must never be shown. */
export function isSecretLike(attribute: string): boolean {
  return secretLike.test(attribute) && !harmless.test(attribute);
}

/** The innermost values of a value, by dotted name. A list without fields counts as one value. */
export function leaves(value: unknown, name = ""): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  collect(value, name, found);
  return found;
}

function collect(value: unknown, name: string, found: Map<string, unknown>): void {
  const inner = (key: string) => (name === "" ? key : `${name}.${key}`);
  if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null)) {
    // blocks: the first one has no index, as in Terraform's documentation
    for (const [index, item] of value.entries())
      collect(item, index === 0 ? name : inner(String(index)), found);
  } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const fields = Object.entries(value);
    if (fields.length === 0 && name !== "") found.set(name, {});
    for (const [key, item] of fields) collect(item, inner(key), found);
  } else if (value !== null && value !== undefined) {
    found.set(name, value);
  }
}

/** Whether two values mean the same: 5 and "5", or a list in another order. */
export function same(a: unknown, b: unknown): boolean {
  return comparable(a) === comparable(b);
}

function comparable(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(value.map((item) => comparable(item)).sort());
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Differences between two values, by name, with secrets hidden. */
export function differences(before: unknown, after: unknown): ValueChange[] {
  const [from, to] = [leaves(before), leaves(after)];
  return sorted(new Set([...from.keys(), ...to.keys()])).flatMap((attribute) => {
    const [a, b] = [from.get(attribute) ?? null, to.get(attribute) ?? null];
    return same(a, b) ? [] : [shown({ attribute, from: a, to: b })];
  });
}

/** A change with its values hidden if they may be a secret. */
export function shown(change: ValueChange): ValueChange {
  return isSecretLike(change.attribute) ? concealed(change) : change;
}

/** A change with its values hidden. */
export function concealed({ attribute, from, to }: ValueChange): ValueChange {
  return { attribute, from: from === null ? null : hidden, to: to === null ? null : hidden };
}

/** Names in an order that does not depend on the machine's language. */
export function sorted(names: Iterable<string>): string[] {
  return [...names].sort();
}

/** Values without one of them. */
export function without(
  values: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([each]) => each !== name));
}
