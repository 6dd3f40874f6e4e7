/** What goes wrong, in words that Terraform shows. */
import type { AttributePath, Diagnostic, PathStep } from "./wire.ts";

/** An error that Terraform shows; `path` names the attribute at fault. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly path: readonly (string | number)[];

  constructor(message: string, path: readonly (string | number)[] = []) {
    super(message);
    this.path = path;
  }
}

/** An error diagnostic about an attribute, or about the whole when `path` is empty. */
export function error(
  summary: string,
  path: readonly (string | number)[] = [],
  detail = "",
): Diagnostic {
  return { severity: "ERROR", summary, detail, ...attribute(path) };
}

/** A warning about an attribute. */
export function warning(summary: string, path: readonly (string | number)[]): Diagnostic {
  return { severity: "WARNING", summary, detail: "", ...attribute(path) };
}

/** The diagnostic for whatever was thrown. */
export function fromError(thrown: unknown): Diagnostic {
  if (thrown instanceof ProviderError) return error(thrown.message, thrown.path);
  return error(thrown instanceof Error ? thrown.message : String(thrown));
}

/** A path of names (attributes) and numbers (list indexes) in the protocol's form. */
export function toPath(path: readonly (string | number)[]): AttributePath {
  const step = (part: string | number): PathStep =>
    typeof part === "string" ? { attribute_name: part } : { element_key_int: part };
  return { steps: path.map(step) };
}

function attribute(path: readonly (string | number)[]): { attribute?: AttributePath } {
  return path.length === 0 ? {} : { attribute: toPath(path) };
}
