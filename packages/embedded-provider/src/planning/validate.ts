import { errorDiagnostic, warningDiagnostic, type Path } from "../protocol/diagnostics.ts";
import type { Diagnostic } from "../protocol/messages.ts";
import { asText, isRecord, isUnknown, type State, type Value } from "../protocol/value.ts";
import type { BlockShape, Field, Shape } from "../shape/shape.ts";

/**
 * Validates rules that the schema cannot express: allowed values, and combinations of arguments. Unknown values are valid.
 *
 * @param path the path of the configured block; by default the resource
 * @returns all problems
 */
export function validateConfig(shape: Shape, config: State, path: Path = []): Diagnostic[] {
  const attributes = Object.entries(shape.fields).flatMap(([name, field]) => [
    ...validateValue(field, config[name] ?? null, [...path, name]),
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

function validateValue(field: Field, value: Value, path: Path): Diagnostic[] {
  if (value === null || isUnknown(value)) return [];
  const warning = field.warn?.(value);
  return [
    ...validateChoice(field, value, path),
    ...(warning === undefined ? [] : [warningDiagnostic(warning, path)]),
    ...validateKeys(field, value, path),
  ];
}

function validateChoice({ oneOf, ignoresCase }: Field, value: Value, path: Path): Diagnostic[] {
  if (oneOf === undefined) return [];
  const comparable = (text: string) => (ignoresCase === true ? text.toLowerCase() : text);
  if (oneOf.map(comparable).includes(comparable(asText(value)))) return [];
  const choices = oneOf.map((choice) => JSON.stringify(choice)).join(" ");
  const summary = `expected ${path.join(".")} to be one of [${choices}], got ${asText(value)}`;
  return [errorDiagnostic(summary, path)];
}

function validateKeys({ reservedKeys }: Field, value: Value, path: Path): Diagnostic[] {
  const keys = isRecord(value) ? Object.keys(value) : [];
  return keys
    .filter((key) => reservedKeys?.has(key) === true)
    .map((key) => {
      const detail = `"${key}" is not allowed in extra_config: it has an attribute of its own`;
      return errorDiagnostic("Invalid extra_config key", path, detail);
    });
}

function validateCombination(name: string, field: Field, config: State, path: Path): Diagnostic[] {
  const { conflictsWith = [], requiredWith = [], exactlyOneOf } = field;
  const chosen = exactlyOneOf?.filter((one) => isConfigured(config, one)).length ?? 1;
  if (chosen !== 1) {
    const names = (exactlyOneOf ?? []).join(", ");
    const detail =
      chosen === 0 ? `one of ${names} must be specified` : `only one of ${names} can be specified`;
    return [errorDiagnostic("Invalid combination of arguments", path, `"${name}": ${detail}`)];
  }
  if (!isConfigured(config, name)) return [];
  const missing = requiredWith.filter((other) => !isConfigured(config, other));
  if (missing.length > 0) {
    const detail = `"${name}": ${missing.join(", ")} must be specified, too`;
    return [errorDiagnostic("Missing required argument", path, detail)];
  }
  return conflictsWith
    .filter((other) => isConfigured(config, other))
    .map((other) => conflict(name, other, path));
}

function conflict(name: string, other: string, path: Path): Diagnostic {
  return errorDiagnostic(
    "Conflicting configuration arguments",
    path,
    `"${name}": conflicts with ${other}`,
  );
}

function isConfigured(config: State, name: string): boolean {
  const value = config[name] ?? null;
  return Array.isArray(value) ? value.length > 0 : value !== null;
}
