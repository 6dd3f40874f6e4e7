/** `extra_config`: Keycloak attributes that have no attribute of their own in the schema. */
import type { Json } from "../keycloak.ts";
import type { Change, Field, Shape } from "../shape.ts";
import { isRecord, isSame, type State, type Value } from "../value.ts";

/** The keys of Keycloak's `attributes` that the shape's fields own. */
export function ownedKeys(fields: Shape["fields"]): ReadonlySet<string> {
  const places = Object.values(fields).map(({ at }) => at);
  return new Set(
    places.flatMap((at) => (Array.isArray(at) && at[0] === "attributes" ? [String(at[1])] : [])),
  );
}

/** The table entry of `extra_config` beside those fields. */
export function extraConfig(fields: Shape["fields"], alsoReserved: readonly string[] = []): Field {
  return { reservedKeys: new Set([...ownedKeys(fields), ...alsoReserved]) };
}

/** Adds the configured keys, and "" for each that is configured no more: Keycloak keeps what it is not told to drop. */
export function writeExtraConfig(json: Json, { state, prior }: Change): void {
  json.attributes = { ...wanted(state, prior), ...(json.attributes as Json | undefined) };
}

/** Keeps the configured keys that Keycloak has; others are none of Terraform's business. */
export function readExtraConfig(
  json: Json,
  state: State,
  owned: ReadonlySet<string>,
  prior: State | null = null,
): void {
  const known = wanted(state, prior);
  const attributes = (json.attributes ?? {}) as Record<string, Value>;
  state.extra_config = Object.fromEntries(
    Object.entries(attributes).filter(
      ([key, value]) => key in known && value !== "" && !owned.has(key),
    ),
  );
}

function wanted(state: State, prior: State | null): State {
  const now = mapOf(state);
  const before = prior === null || isSame(mapOf(prior), now) ? {} : mapOf(prior);
  return { ...Object.fromEntries(Object.keys(before).map((key) => [key, ""])), ...now };
}

function mapOf(state: State): State {
  const value = state.extra_config;
  return isRecord(value) ? value : {};
}
