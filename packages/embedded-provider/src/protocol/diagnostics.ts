import type { AttributePath, Diagnostic, PathStep } from "./messages.ts";

/** Names (attributes and blocks) and numbers (list indexes) that lead to an attribute. */
export type Path = readonly (string | number)[];

/** An error that Terraform shows as a diagnostic. */
export class ProviderError extends Error {
  override readonly name: string = "ProviderError";
  /** The attribute at fault; empty if the error is about the whole resource or provider. */
  readonly path: Path;

  constructor(message: string, path: Path = []) {
    super(message);
    this.path = path;
  }
}

/**
 * Builds an error diagnostic.
 *
 * @param path the attribute at fault; by default the whole resource or provider
 * @param detail the text below the summary; by default none
 */
export function errorDiagnostic(summary: string, path: Path = [], detail = ""): Diagnostic {
  return { severity: "ERROR", summary, detail, ...attributeAt(path) };
}

/** Builds a warning about an attribute. */
export function warningDiagnostic(summary: string, path: Path): Diagnostic {
  return { severity: "WARNING", summary, detail: "", ...attributeAt(path) };
}

/** Converts a thrown value of any type into a diagnostic. */
export function diagnosticFor(error: unknown): Diagnostic {
  if (error instanceof ProviderError) return errorDiagnostic(error.message, error.path);
  return errorDiagnostic(error instanceof Error ? error.message : String(error));
}

/** Converts a path into the protocol's form. */
export function attributePath(path: Path): AttributePath {
  const step = (part: string | number): PathStep =>
    typeof part === "string" ? { attribute_name: part } : { element_key_int: part };
  return { steps: path.map(step) };
}

function attributeAt(path: Path): { attribute?: AttributePath } {
  return path.length === 0 ? {} : { attribute: attributePath(path) };
}
