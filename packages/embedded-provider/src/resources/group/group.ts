import type { Json } from "../../keycloak/json.ts";
import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import { textOf, type State } from "../../protocol/value.ts";
import { joinedLists, unlessOnlyReordered } from "../../shape/joined-lists.ts";
import { readRepresentation, toRepresentation } from "../../shape/representation.ts";
import { unlessConfigured, type Fields } from "../../shape/shape.ts";
import { segmentsOf } from "../import-id.ts";
import type { ResourceType } from "../resource-type.ts";

const fields: Fields = {
  realm_id: { forceNew: true },
  organization_id: { forceNew: true },
  parent_id: { forceNew: true },
  name: { at: "name" },
  description: { at: "description", omitZero: true, suppress: unlessConfigured },
  attributes: { at: "attributes", as: joinedLists, suppress: unlessOnlyReordered },
};
const shape = { fields };

/** `keycloak_group`: a group of a realm or of an organization. */
export const group: ResourceType = {
  name: "keycloak_group",
  shape,

  async create({ keycloak, block }, { state }) {
    const parent = textOf(state, "parent_id");
    const path = parent === "" ? groupsPath(state) : `${groupPath(state, parent)}/children`;
    state.id = await keycloak.create(path, toRepresentation(block, shape, state));
    await this.read({ keycloak, block }, state);
  },

  async read({ keycloak, block }, state) {
    const json = await keycloak.get(groupPath(state));
    const parent = await parentOf(keycloak, state, json);
    readRepresentation(block, shape, json, state);
    state.path = String(json.path);
    state.organization_id = textOf(state, "organization_id");
    // as in the official provider, a group that became a top-level group keeps its parent in the state
    if (parent !== undefined) state.parent_id = parent;
  },

  async update({ keycloak, block }, { state }) {
    const id = textOf(state, "id");
    await keycloak.put(groupPath(state), { ...toRepresentation(block, shape, state), id });
    // as in the official provider: the next refresh reads it
    state.path = "";
  },

  async delete({ keycloak }, state) {
    await keycloak.delete(groupPath(state));
  },

  async import(context, importId) {
    const segments = segmentsOf(
      importId,
      "{{realmId}}/{{groupId}}",
      "{{realmId}}/{{organizationId}}/{{groupId}}",
    );
    const [realm_id = "", organization_id = ""] = segments.length === 3 ? segments : [segments[0]];
    const state: State = { realm_id, organization_id, id: segments.at(-1) ?? "" };
    await this.read(context, state);
    return state;
  },
};

/** The path of the realm or the organization that a group belongs to. */
function ownerPath(state: State): string {
  const [realm, organization] = [textOf(state, "realm_id"), textOf(state, "organization_id")];
  return organization === ""
    ? apiPath`/realms/${realm}`
    : apiPath`/realms/${realm}/organizations/${organization}`;
}

function groupsPath(state: State): string {
  return `${ownerPath(state)}/groups`;
}

function groupPath(state: State, id = textOf(state, "id")): string {
  return `${groupsPath(state)}${apiPath`/${id}`}`;
}

/** The id of a group's parent; undefined for a top-level group. It is looked up by its path, as in the official provider. */
async function parentOf(
  keycloak: Keycloak,
  state: State,
  { path, name }: Json,
): Promise<string | undefined> {
  const parent = String(path).slice(1, -String(name).length - 1);
  if (parent === "") return undefined;
  const isOfOrganization = textOf(state, "organization_id") !== "";
  const byPath = `${ownerPath(state)}${isOfOrganization ? "/groups" : ""}/group-by-path`;
  const segments = parent.split("/").map((segment) => apiPath`/${segment}`);
  return String((await keycloak.get(`${byPath}${segments.join("")}`)).id);
}
