import { hidden } from "../../../text/without-passwords.ts";
import { keyIds } from "./customers/key-ids.ts";

/** A changed value: null if there is none, `(hidden)` if it may be a secret. */
export interface ValueChange {
  /** Terraform's name of the value, with dots if it is nested. */
  readonly attribute: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Names of attributes that contain a secret, or look as if they did. */
const secretLike =
  /secret|password|passwd|credential|(private|signing)[._-]?key|jwt_token|(^|\.)access_token$/i;

/** Settings about secrets that are no secrets themselves. */
const harmless = /^(password_policy|reset_password_allowed|client_secret_wo_version)$/;

/** Whether an attribute's values must never be shown. */
export function isSecretLike(attribute: string): boolean {
  return secretLike.test(attribute) && !harmless.test(attribute);
}

/**
 * The innermost values of a value, by name: `extra_config.contact`. A list without fields counts as one value. Only the items of a
 * list with fields have a number, except the first one: Terraform writes a single block both as a list and without one.
 */
export function leaves(value: unknown, name = ""): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  collect(value, name, found);
  return found;
}

function collect(value: unknown, name: string, found: Map<string, unknown>): void {
  if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null)) {
    for (const [index, item] of value.entries())
      collect(item, index === 0 ? name : `${name}[${index}]`, found);
  } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const fields = Object.entries(value);
    if (fields.length === 0 && name !== "") found.set(name, {});
    for (const [key, item] of fields) collect(item, inside(name, key), found);
  } else if (value !== null && value !== undefined) {
    found.set(name, value);
  }
}

/** The name of a field. A key with other characters is quoted, so that no two fields have the same name. */
export function inside(name: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${name}[${JSON.stringify(key)}]`;
  return name === "" ? key : `${name}.${key}`;
}

/** Whether a name is that of a value, or of something inside of it. */
export function isWithin(name: string, outer: string): boolean {
  return name === outer || name.startsWith(`${outer}.`) || name.startsWith(`${outer}[`);
}

/** Whether two values are equal, with lists in the same order. */
export function identical(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether two values are equal. The order of a list does not matter. */
export function same(a: unknown, b: unknown): boolean {
  return comparable(a) === comparable(b);
}

function comparable(value: unknown): string {
  return Array.isArray(value)
    ? JSON.stringify(value.map(comparable).sort())
    : JSON.stringify(value);
}

/**
 * Differences between two values, by name, with secrets hidden.
 *
 * @param isSame compares two innermost values
 */
export function differences(
  before: unknown,
  after: unknown,
  isSame: (a: unknown, b: unknown, attribute: string) => boolean = same,
): ValueChange[] {
  // most customers do not change
  if (identical(before, after)) return [];
  const [from, to] = [leaves(before), leaves(after)];
  return pairedLeaves(from, to).flatMap(({ attribute, from: a, to: b }) => {
    // an empty block that gets a value: only the value is new
    const isFilled =
      (isEmpty(a) && b === null && hasInside(to, attribute)) ||
      (isEmpty(b) && a === null && hasInside(from, attribute));
    return isFilled || isSame(a, b, attribute) ? [] : [shown({ attribute, from: a, to: b })];
  });
}

/** The innermost values of either of two values, in alphabetical order. */
export function pairedLeaves(
  from: ReadonlyMap<string, unknown>,
  to: ReadonlyMap<string, unknown>,
): ValueChange[] {
  return sorted(new Set([...from.keys(), ...to.keys()])).map((attribute) => ({
    attribute,
    from: from.get(attribute) ?? null,
    to: to.get(attribute) ?? null,
  }));
}

function isEmpty(value: unknown): boolean {
  return ["{}", "[]"].includes(JSON.stringify(value));
}

/** Whether a value means the same as none: Terraform and Keycloak each leave out some of null, `""`, `[]` and `{}`. */
export function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === "" || isEmpty(value);
}

function hasInside(values: ReadonlyMap<string, unknown>, outer: string): boolean {
  return [...values.keys()].some((name) => isWithin(name, outer));
}

/** A change with its values hidden if they may be a secret. Of keys, only the names are left. */
export function shown(change: ValueChange): ValueChange {
  const { attribute, from, to } = change;
  if (attribute === inside("extra_config", "jwks.string"))
    return { attribute, from: keyNames(from), to: keyNames(to) };
  const mayBeSecret =
    isSecretLike(change.attribute) || hasCredentials(change.from) || hasCredentials(change.to);
  return mayBeSecret ? concealed(change) : change;
}

function keyNames(value: unknown): unknown {
  if (value === null) return null;
  const keys = keyIds(value);
  return keys.length === 0 ? hidden : keys.map((key) => `${key.kid ?? ""} (${key.thumbprint})`);
}

/** Whether a value is an address with a user name or password: `https://user:password@example.com`. */
function hasCredentials(value: unknown): boolean {
  return typeof value === "string" && /:\/\/[^/\s]*@/.test(value);
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
