import { ProviderError } from "../protocol/diagnostics.ts";
import type { State } from "../protocol/value.ts";

/**
 * The segments of an import id.
 *
 * @param formats for example `{{realmId}}/{{groupId}}`
 * @throws ProviderError if no format has as many segments
 */
export function segmentsOf(id: string, ...formats: readonly string[]): readonly string[] {
  const segments = id.split("/");
  if (formats.some((format) => format.split("/").length === segments.length)) return segments;
  throw new ProviderError(`invalid import id "${id}"; the format is ${formats.join(" or ")}`);
}

/**
 * The attribute that names the parent of an imported resource.
 *
 * @throws ProviderError if the parent is neither a client nor a client scope
 */
export function importedParent(importId: string, kind = "", id = ""): State {
  if (kind === "client") return { client_id: id };
  if (kind === "client-scope") return { client_scope_id: id };
  throw new ProviderError(
    `invalid import id "${importId}"; the parent must be client or client-scope, not "${kind}"`,
  );
}
