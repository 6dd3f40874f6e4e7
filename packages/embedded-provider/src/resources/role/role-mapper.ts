import { KeycloakError } from "../../keycloak/errors.ts";
import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import { textOf, type State } from "../../protocol/value.ts";
import { importedParent, segmentsOf } from "../import-id.ts";
import type { ResourceType } from "../resource-type.ts";
import { clientOf, mappingsPath, roleById, type Role } from "./roles.ts";

/** `keycloak_generic_role_mapper`: a role in the scope of a client or a client scope, without which tokens do not get it. */
export const roleMapper: ResourceType = {
  name: "keycloak_generic_role_mapper",
  shape: {
    fields: {
      realm_id: { forceNew: true },
      client_id: { forceNew: true, conflictsWith: ["client_scope_id"] },
      client_scope_id: { forceNew: true, conflictsWith: ["client_id"] },
      role_id: { forceNew: true },
    },
  },

  async create(context, { state }) {
    const role = await roleOf(context.keycloak, state);
    await context.keycloak.post(pathOf(state, role), [role]);
    const [realm, client] = [textOf(state, "realm_id"), textOf(state, "client_id")];
    const parent =
      client === "" ? `client-scope/${textOf(state, "client_scope_id")}` : `client/${client}`;
    state.id = `${realm}/${parent}/scope-mappings/${clientOf(role)}/${role.id}`;
    await this.read(context, state);
  },

  async read({ keycloak }, state) {
    const role = await roleOf(keycloak, state);
    const mapped = await keycloak.get<Role[]>(pathOf(state, role));
    if (!mapped.some(({ id }) => id === role.id))
      throw new KeycloakError(`the role "${role.name}" is not mapped`, 404);
  },

  async update(context, { state }) {
    // never planned, because a change of any attribute replaces the resource
    await this.read(context, state);
  },

  async delete({ keycloak }, state) {
    const role = await roleOf(keycloak, state);
    // as in the official provider, the request names no client role: Keycloak removes all roles of that client
    await keycloak.delete(pathOf(state, role), role.clientRole ? undefined : [role]);
  },

  import(_context, id) {
    const [realm_id = "", kind, parent, , , role_id = ""] = segmentsOf(
      id,
      "{{realmId}}/client/{{clientId}}/scope-mappings/{{roleClientId}}/{{roleId}}",
      "{{realmId}}/client-scope/{{clientScopeId}}/scope-mappings/{{roleClientId}}/{{roleId}}",
    );
    return { id, realm_id, role_id, ...importedParent(id, kind, parent) };
  },
};

function roleOf(keycloak: Keycloak, state: State): Promise<Role> {
  return roleById(keycloak, textOf(state, "realm_id"), textOf(state, "role_id"));
}

function pathOf(state: State, role: Role): string {
  const [realm, client] = [textOf(state, "realm_id"), textOf(state, "client_id")];
  const scope = textOf(state, "client_scope_id");
  const parent =
    client === ""
      ? apiPath`/realms/${realm}/client-scopes/${scope}`
      : apiPath`/realms/${realm}/clients/${client}`;
  return mappingsPath(`${parent}/scope-mappings`, role);
}
