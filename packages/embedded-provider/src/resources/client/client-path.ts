import { apiPath } from "../../keycloak/keycloak.ts";
import { textOf, type State } from "../../protocol/value.ts";

/** The path of all clients of the realm `realm_id`. */
export function clientsPath(state: State): string {
  return apiPath`/realms/${textOf(state, "realm_id")}/clients`;
}

/**
 * The path of one client of the realm `realm_id`.
 *
 * @param uuid by default the attribute `id`
 */
export function clientPath(state: State, uuid = textOf(state, "id")): string {
  return `${clientsPath(state)}${apiPath`/${uuid}`}`;
}
