import { isNotFound } from "../../keycloak/errors.ts";
import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import { textOf, textsOf, type State } from "../../protocol/value.ts";
import { segmentsOf } from "../import-id.ts";
import type { ResourceType } from "../resource-type.ts";
import { existingRoles, mappingsPath, rolesWithout, type Role } from "../role/roles.ts";

interface Mappings {
  readonly realmMappings?: readonly Role[];
  readonly clientMappings?: Readonly<Record<string, { readonly mappings: readonly Role[] }>>;
}

/**
 * `keycloak_group_roles`: the roles that the members of a group have. If it is exhaustive, it is authoritative: roles that are not
 * listed are removed.
 */
export const groupRoles: ResourceType = {
  name: "keycloak_group_roles",
  shape: {
    fields: {
      realm_id: { forceNew: true },
      group_id: { forceNew: true },
      role_ids: {},
      exhaustive: { default: true },
    },
  },

  async create(context, { state, prior }) {
    const { keycloak } = context;
    await keycloak.get(groupPath(state));
    const wanted = await rolesOf(keycloak, state);
    const present = await mappedRoles(keycloak, state);
    const isOurs = ({ id }: Role) => textsOf(prior ?? {}, "role_ids").includes(id);
    const superfluous = rolesWithout(present, wanted);
    await add(keycloak, state, rolesWithout(wanted, present));
    await remove(
      keycloak,
      state,
      state.exhaustive === true ? superfluous : superfluous.filter(isOurs),
    );
    state.id = idOf(state);
    await this.read(context, state);
  },

  async read({ keycloak }, state) {
    await keycloak.get(groupPath(state));
    const ids = (await mappedRoles(keycloak, state)).map(({ id }) => id);
    const known = textsOf(state, "role_ids");
    state.role_ids = ids.filter((id) => state.exhaustive === true || known.includes(id));
    state.id = idOf(state);
  },

  async update(context, change) {
    await this.create(context, change);
  },

  async delete({ keycloak }, state) {
    try {
      await keycloak.get(groupPath(state));
      await remove(keycloak, state, await rolesOf(keycloak, state));
    } catch (error) {
      // without the group, it has no roles either
      if (!isNotFound(error)) throw error;
    }
  },

  async import(context, id) {
    const [realm_id = "", group_id = ""] = segmentsOf(id, "{{realm}}/{{groupId}}");
    const state: State = { realm_id, group_id, exhaustive: true };
    await this.read(context, state);
    return state;
  },
};

function idOf(state: State): string {
  return `${textOf(state, "realm_id")}/${textOf(state, "group_id")}`;
}

function groupPath(state: State): string {
  return apiPath`/realms/${textOf(state, "realm_id")}/groups/${textOf(state, "group_id")}`;
}

function rolesOf(keycloak: Keycloak, state: State): Promise<Role[]> {
  return existingRoles(keycloak, textOf(state, "realm_id"), textsOf(state, "role_ids"));
}

async function mappedRoles(keycloak: Keycloak, state: State): Promise<Role[]> {
  const { realmMappings = [], clientMappings = {} } = await keycloak.get<Mappings>(
    `${groupPath(state)}/role-mappings`,
  );
  return [...realmMappings, ...Object.values(clientMappings).flatMap(({ mappings }) => mappings)];
}

async function add(keycloak: Keycloak, state: State, roles: Role[]): Promise<void> {
  for (const [path, some] of byPath(state, roles)) await keycloak.post(path, some);
}

async function remove(keycloak: Keycloak, state: State, roles: Role[]): Promise<void> {
  for (const [path, some] of byPath(state, roles)) await keycloak.delete(path, some);
}

/** Groups roles by the path of their container's mappings: one request changes all of them. */
function byPath(state: State, roles: readonly Role[]): ReadonlyMap<string, readonly Role[]> {
  const pathOf = (role: Role) => mappingsPath(`${groupPath(state)}/role-mappings`, role);
  const paths = new Set(roles.map(pathOf));
  return new Map([...paths].map((path) => [path, roles.filter((role) => pathOf(role) === path)]));
}
