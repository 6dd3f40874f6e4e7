/** A value that Terraform learns only during apply: `(known after apply)`. */
export class UnknownValue {
  readonly isKnown = false;
}

/** The only instance of {@link UnknownValue}. */
export const unknownValue = new UnknownValue();

/** A Terraform value. Lists and sets are arrays; maps, objects and nested blocks are records. */
export type Value =
  null | boolean | number | string | UnknownValue | Value[] | { [key: string]: Value };

/** The attributes and nested blocks of one resource, or of one nested block. */
export type State = Record<string, Value>;

/** Whether the value is {@link unknownValue} itself. */
export function isUnknown(value: Value | undefined): value is UnknownValue {
  return value instanceof UnknownValue;
}

/** Whether the value is unknown or contains an unknown at any depth. */
export function hasUnknown(value: Value): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isRecord(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}

/** Whether the value is a map, an object or a nested block. */
export function isRecord(value: Value | undefined): value is State {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isUnknown(value);
}

/** A deep copy in which every unknown is null: what a provider works with during apply. */
export function withoutUnknowns(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutUnknowns);
  if (!isRecord(value)) return isUnknown(value) ? null : value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutUnknowns(item)]),
  );
}

/** A string, number or boolean as text; `""` for everything else. */
export function asText(value: Value | undefined): string {
  return typeof value === "object" || value === undefined ? "" : String(value);
}

/** A string attribute; `""` if it is null. */
export function textOf(state: State, name: string): string {
  const value = state[name];
  return typeof value === "string" ? value : "";
}

/** A set or list of strings; empty if it is null. */
export function textsOf(state: State, name: string): string[] {
  const value = state[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Whether the value is null, false, 0, `""` or empty: what the official provider cannot tell from "not set". */
export function isZero(value: Value | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.keys(value).length === 0;
  return value === false || value === 0 || value === "";
}

/** Whether two values are equal. Arrays are compared as sets: order does not matter. */
export function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return canonical(a ?? null) === canonical(b ?? null);
}

function canonical(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (!isRecord(value)) return isUnknown(value) ? "?" : JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join()}}`;
}
