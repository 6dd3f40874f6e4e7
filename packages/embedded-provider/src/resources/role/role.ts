import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import type { Json } from "../../keycloak/json.ts";
import { textOf, textsOf, type State } from "../../protocol/value.ts";
import { joinedLists } from "../../shape/joined-lists.ts";
import { readRepresentation, toRepresentation } from "../../shape/representation.ts";
import type { Fields } from "../../shape/shape.ts";
import { segmentsOf } from "../import-id.ts";
import type { Context, ResourceType } from "../resource-type.ts";
import { clientOf, roleById, rolePath, rolesWithout, type Role } from "./roles.ts";

const fields: Fields = {
  realm_id: { forceNew: true },
  client_id: { forceNew: true },
  name: { at: "name" },
  description: { at: "description" },
  composite_roles: {},
  attributes: { at: "attributes", as: joinedLists },
  import: { default: false, forceNew: true },
};
const shape = { fields };

/** `keycloak_role`: a role of a client or of the realm, and the roles that it is composed of. */
export const role: ResourceType = {
  name: "keycloak_role",
  shape,

  async create({ keycloak, block }, { state }) {
    const json = toRepresentation(block, shape, state);
    const composites = await compositesOf(keycloak, state);
    if (state.import === true) {
      state.id = await adopt(keycloak, state, json);
      if (composites.length > 0) await reconcile(keycloak, state, composites);
    } else {
      await keycloak.create(rolesPath(state), json);
      state.id = (await roleByName(keycloak, state)).id;
      await add(keycloak, state, composites);
    }
    await readApplied(this, { keycloak, block }, state);
  },

  async read({ keycloak, block }, state) {
    const found = await roleById(keycloak, textOf(state, "realm_id"), textOf(state, "id"));
    readRepresentation(block, shape, found, state);
    state.client_id = clientOf(found);
    // as in the official provider, a role that has lost its last composite keeps the composites in the state
    if (found.composite === true)
      state.composite_roles = (await presentComposites(keycloak, state)).map(({ id }) => id);
    state.import ??= false;
  },

  async update({ keycloak, block }, { state }) {
    const id = textOf(state, "id");
    await keycloak.put(pathOf(state), { ...toRepresentation(block, shape, state), id });
    await reconcile(keycloak, state, await compositesOf(keycloak, state));
    await readApplied(this, { keycloak, block }, state);
  },

  async delete({ keycloak }, state) {
    if (state.import !== true) await keycloak.delete(pathOf(state));
  },

  async import(context, importId) {
    const [realm_id = "", id = ""] = segmentsOf(importId, "{{realm}}/{{roleId}}");
    const state: State = { realm_id, id, import: false };
    await this.read(context, state);
    return state;
  },
};

async function readApplied(type: ResourceType, context: Context, state: State): Promise<void> {
  // as in the official provider, only an imported role has null instead of no composites
  state.composite_roles ??= [];
  await type.read(context, state);
}

function pathOf(state: State): string {
  return rolePath(textOf(state, "realm_id"), textOf(state, "id"));
}

/** The path at which a role is created, and found by its name. */
function rolesPath(state: State): string {
  const [realm, client] = [textOf(state, "realm_id"), textOf(state, "client_id")];
  return client === ""
    ? apiPath`/realms/${realm}/roles`
    : apiPath`/realms/${realm}/clients/${client}/roles`;
}

function roleByName(keycloak: Keycloak, state: State): Promise<Role> {
  return keycloak.get<Role>(`${rolesPath(state)}${apiPath`/${textOf(state, "name")}`}`);
}

/** Implements `import = true`: updates a role that exists, and keeps what the configuration does not set. */
async function adopt(keycloak: Keycloak, state: State, json: Json): Promise<string> {
  const existing = await roleByName(keycloak, state);
  await keycloak.put(rolePath(textOf(state, "realm_id"), existing.id), {
    ...json,
    id: existing.id,
    description: json.description || existing.description,
    attributes: { ...(existing.attributes as Json), ...(json.attributes as Json) },
  });
  return existing.id;
}

function compositesOf(keycloak: Keycloak, state: State): Promise<Role[]> {
  const realm = textOf(state, "realm_id");
  return Promise.all(textsOf(state, "composite_roles").map((id) => roleById(keycloak, realm, id)));
}

function presentComposites(keycloak: Keycloak, state: State): Promise<Role[]> {
  return keycloak.get<Role[]>(`${pathOf(state)}/composites`);
}

async function reconcile(keycloak: Keycloak, state: State, wanted: Role[]): Promise<void> {
  const present = await presentComposites(keycloak, state);
  const superfluous = rolesWithout(present, wanted);
  if (superfluous.length > 0) await keycloak.delete(`${pathOf(state)}/composites`, superfluous);
  await add(keycloak, state, rolesWithout(wanted, present));
}

async function add(keycloak: Keycloak, state: State, composites: Role[]): Promise<void> {
  if (composites.length > 0) await keycloak.post(`${pathOf(state)}/composites`, composites);
}
