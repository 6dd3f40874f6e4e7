import type { Json } from "../keycloak/json.ts";
import { isRecord, isSame, type State, type Value } from "../protocol/value.ts";
import type { Change, Field, Fields } from "../shape/shape.ts";

/** The map in Keycloak's JSON that the keys are in. */
type Container = "attributes" | "config";

/** The keys of Keycloak's map that the fields of a shape own. */
export function ownedKeys(
  fields: Fields,
  container: Container = "attributes",
): ReadonlySet<string> {
  const places = Object.values(fields).map(({ at }) => at);
  return new Set(
    places.flatMap((at) => (Array.isArray(at) && at[0] === container ? [String(at[1])] : [])),
  );
}

/** The field `extra_config`: a map of Keycloak attributes that have no attribute of their own in the schema. */
export function extraConfigField(
  fields: Fields,
  alsoReserved: readonly string[] = [],
  container: Container = "attributes",
): Field {
  return { reservedKeys: new Set([...ownedKeys(fields, container), ...alsoReserved]) };
}

/** Adds the configured keys, and `""` for keys that are no longer configured: Keycloak keeps keys that it does not receive. */
export function writeExtraConfig(
  json: Json,
  { state, prior }: Change,
  container: Container = "attributes",
): void {
  json[container] = { ...sentKeys(state, prior), ...(json[container] as Json | undefined) };
}

/** Reads the configured keys that Keycloak has; Terraform does not manage the others. */
export function readExtraConfig(
  json: Json,
  state: State,
  owned: ReadonlySet<string>,
  prior: State | null = null,
  container: Container = "attributes",
): void {
  const managed = sentKeys(state, prior);
  const attributes = (json[container] ?? {}) as Record<string, Value>;
  state.extra_config = Object.fromEntries(
    Object.entries(attributes).filter(
      ([key, value]) => key in managed && value !== "" && !owned.has(key),
    ),
  );
}

function sentKeys(state: State, prior: State | null): State {
  const configured = extraConfigOf(state);
  const before =
    prior === null || isSame(extraConfigOf(prior), configured) ? {} : extraConfigOf(prior);
  return { ...Object.fromEntries(Object.keys(before).map((key) => [key, ""])), ...configured };
}

function extraConfigOf(state: State): State {
  const value = state.extra_config;
  return isRecord(value) ? value : {};
}
