/** What the schema cannot say about a configuration: choices, and which arguments go together. */
import { error, warning } from "./diagnostics.ts";
import { asText, isRecord, isUnknown, type State, type Value } from "./value.ts";
import type { BlockShape, Field, Shape } from "./shape.ts";
import type { Diagnostic } from "./wire.ts";

type Path = readonly (string | number)[];

/** Every problem of a configuration at once; what is unknown yet is no problem. */
export function validateConfig(shape: Shape, config: State, path: Path = []): Diagnostic[] {
  const attributes = Object.entries(shape.fields).flatMap(([name, field]) => [
    ...validateValue(name, field, config[name] ?? null, [...path, name]),
    ...validateCombination(name, field, config, [...path, name]),
  ]);
  const blocks = Object.entries(shape.blocks ?? {}).flatMap(([name, inner]) =>
    validateBlocks(name, inner, config, [...path, name]),
  );
  return [...attributes, ...blocks];
}

function validateBlocks(name: string, shape: BlockShape, config: State, path: Path): Diagnostic[] {
  const items = config[name];
  if (!Array.isArray(items)) return [];
  const nested = items.flatMap((item, index) =>
    isRecord(item) ? validateConfig(shape, item, [...path, index]) : [],
  );
  const others = (shape.conflictsWith ?? []).filter((other) => isConfigured(config, other));
  return items.length === 0
    ? nested
    : [...nested, ...others.map((other) => conflict(name, other, path))];
}

function validateValue(name: string, field: Field, value: Value, path: Path): Diagnostic[] {
  if (value === null || isUnknown(value)) return [];
  const found: Diagnostic[] = [];
  const { oneOf, warn, reservedKeys } = field;
  if (oneOf !== undefined && !oneOf.includes(asText(value))) {
    const choices = oneOf.map((choice) => JSON.stringify(choice)).join(" ");
    found.push(
      error(`expected ${path.join(".")} to be one of [${choices}], got ${asText(value)}`, path),
    );
  }
  const complaint = warn?.(value);
  if (complaint !== undefined) found.push(warning(complaint, path));
  for (const key of isRecord(value) ? Object.keys(value) : []) {
    if (reservedKeys?.has(key) !== true) continue;
    found.push(
      error(
        "Invalid extra_config key",
        path,
        `"${key}" is not allowed in extra_config: it has an attribute of its own`,
      ),
    );
  }
  return found;
}

function validateCombination(name: string, field: Field, config: State, path: Path): Diagnostic[] {
  const { conflictsWith = [], requiredWith = [], exactlyOneOf } = field;
  const chosen = exactlyOneOf?.filter((one) => isConfigured(config, one)).length ?? 1;
  if (chosen !== 1) {
    const names = (exactlyOneOf ?? []).join(", ");
    const detail =
      chosen === 0 ? `one of ${names} must be specified` : `only one of ${names} can be specified`;
    return [error("Invalid combination of arguments", path, `"${name}": ${detail}`)];
  }
  if (!isConfigured(config, name)) return [];
  const missing = requiredWith.filter((other) => !isConfigured(config, other));
  if (missing.length > 0) {
    const detail = `"${name}": ${missing.join(", ")} must be specified, too`;
    return [error("Missing required argument", path, detail)];
  }
  return conflictsWith
    .filter((other) => isConfigured(config, other))
    .map((other) => conflict(name, other, path));
}

function conflict(name: string, other: string, path: Path): Diagnostic {
  return error("Conflicting configuration arguments", path, `"${name}": conflicts with ${other}`);
}

function isConfigured(config: State, name: string): boolean {
  const value = config[name] ?? null;
  return Array.isArray(value) ? value.length > 0 : value !== null;
}
