import type { Json } from "../../keycloak/json.ts";
import type { Keycloak } from "../../keycloak/keycloak.ts";
import { ProviderError } from "../../protocol/diagnostics.ts";
import { isZero, textOf, type State, type Value } from "../../protocol/value.ts";
import { clientPath, clientsPath } from "./client-path.ts";

/**
 * Implements `import = true`: updates a client that already exists instead of creating one. Whatever the configuration leaves
 * at zero keeps its value in Keycloak.
 *
 * @returns the UUID of the client
 * @throws ProviderError if there is no such client
 */
export async function adoptExistingClient(
  keycloak: Keycloak,
  state: State,
  json: Json,
): Promise<string> {
  const clientId = textOf(state, "client_id");
  const [existing] = await keycloak.get<Json[]>(clientsPath(state), { clientId });
  if (existing === undefined) {
    throw new ProviderError(`openid client with name ${clientId} does not exist`, ["client_id"]);
  }
  const id = String(existing.id);
  const kept = Object.keys({ ...json, rootUrl: "", secret: "" }).filter(
    (key) => isUnset(json[key]) && key in existing,
  );
  const attributes = json.attributes as Json;
  const existingAttributes = (existing.attributes ?? {}) as Json;
  const keptAttributes = Object.keys(existingAttributes).filter((key) => isUnset(attributes[key]));
  await keycloak.put(clientPath(state, id), {
    ...json,
    ...pick(existing, kept),
    attributes: { ...attributes, ...pick(existingAttributes, keptAttributes) },
    id,
  });
  return id;
}

function isUnset(value: unknown): boolean {
  return value === "false" || isZero(value as Value);
}

function pick(source: Json, keys: readonly string[]): Json {
  return Object.fromEntries(keys.map((key) => [key, source[key]]));
}
