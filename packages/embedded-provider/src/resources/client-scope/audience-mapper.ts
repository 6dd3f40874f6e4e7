import type { Json } from "../../keycloak/json.ts";
import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import { ProviderError } from "../../protocol/diagnostics.ts";
import type { Block } from "../../protocol/schema.ts";
import { textOf, type State } from "../../protocol/value.ts";
import { quotedBool } from "../../shape/codecs.ts";
import { readRepresentation, toRepresentation } from "../../shape/representation.ts";
import type { Fields } from "../../shape/shape.ts";
import type { ResourceType } from "../resource-type.ts";

const parents = ["client_id", "client_scope_id"];

const fields: Fields = {
  name: { at: "name" },
  realm_id: { forceNew: true },
  client_id: { forceNew: true, exactlyOneOf: parents },
  client_scope_id: { forceNew: true, exactlyOneOf: parents },
  included_client_audience: {
    at: ["config", "included.client.audience"],
    conflictsWith: ["included_custom_audience"],
  },
  included_custom_audience: {
    at: ["config", "included.custom.audience"],
    conflictsWith: ["included_client_audience"],
  },
  add_to_id_token: { at: ["config", "id.token.claim"], as: quotedBool, default: true },
  add_to_access_token: { at: ["config", "access.token.claim"], as: quotedBool, default: true },
  add_to_token_introspection: {
    at: ["config", "introspection.token.claim"],
    as: quotedBool,
    default: true,
  },
};
const shape = { fields };

/** `keycloak_openid_audience_protocol_mapper`: a mapper of a client or a client scope that adds an audience to tokens. */
export const audienceMapper: ResourceType = {
  name: "keycloak_openid_audience_protocol_mapper",
  shape,

  async create({ keycloak, block }, { state }) {
    await validate(keycloak, state);
    state.id = await keycloak.create(mappersPath(state), toJson(block, state));
    await this.read({ keycloak, block }, state);
  },

  async read({ keycloak, block }, state) {
    const before = { ...state };
    readRepresentation(block, shape, await keycloak.get(mapperPath(state)), state);
    // as in the official provider, only one of the two audiences is read; the other one keeps its value
    const other =
      textOf(state, "included_client_audience") === ""
        ? "included_client_audience"
        : "included_custom_audience";
    state[other] = before[other] ?? null;
  },

  async update({ keycloak, block }, { state }) {
    await validate(keycloak, state);
    await keycloak.put(mapperPath(state), { ...toJson(block, state), id: textOf(state, "id") });
    await this.read({ keycloak, block }, state);
  },

  async delete({ keycloak }, state) {
    await keycloak.delete(mapperPath(state));
  },

  async import({ keycloak }, id) {
    const [realm_id = "", kind, parent = "", ...rest] = id.split("/");
    const isByName = rest.length === 2 && rest[0] === "name";
    if (rest.length !== 1 && !isByName) throw invalidImportId(id);
    if (kind !== "client" && kind !== "client-scope") {
      throw new ProviderError(
        `invalid import id "${id}"; the parent must be client or client-scope, not "${kind ?? ""}"`,
      );
    }
    const state = { realm_id, [kind === "client" ? "client_id" : "client_scope_id"]: parent };
    if (!isByName) return { ...state, id: rest[0] ?? "" };
    const name = decodeURIComponent(rest[1] ?? "");
    return { ...state, id: await mapperId(keycloak, state, name) };
  },
};

function mappersPath(state: State): string {
  const realm = textOf(state, "realm_id");
  const scope = textOf(state, "client_scope_id");
  return scope === ""
    ? apiPath`/realms/${realm}/clients/${textOf(state, "client_id")}/protocol-mappers/models`
    : apiPath`/realms/${realm}/client-scopes/${scope}/protocol-mappers/models`;
}

function mapperPath(state: State): string {
  return `${mappersPath(state)}${apiPath`/${textOf(state, "id")}`}`;
}

function toJson(block: Block, state: State): Json {
  return {
    ...toRepresentation(block, shape, state),
    protocol: "openid-connect",
    protocolMapper: "oidc-audience-mapper",
  };
}

async function validate(keycloak: Keycloak, state: State): Promise<void> {
  const client = textOf(state, "included_client_audience");
  const custom = textOf(state, "included_custom_audience");
  if ((client === "") === (custom === "")) {
    throw new ProviderError(
      "validation error: set exactly one of included_client_audience and included_custom_audience",
    );
  }
  await refuseTakenName(keycloak, state);
  if (client !== "") await refuseUnknownClient(keycloak, textOf(state, "realm_id"), client);
}

async function refuseTakenName(keycloak: Keycloak, state: State): Promise<void> {
  const name = textOf(state, "name");
  const mappers = await keycloak.get<Json[]>(mappersPath(state));
  if (mappers.some((mapper) => mapper.name === name && mapper.id !== textOf(state, "id"))) {
    throw new ProviderError(
      `validation error: a protocol mapper with name ${name} already exists for this client`,
      ["name"],
    );
  }
}

async function refuseUnknownClient(
  keycloak: Keycloak,
  realm: string,
  clientId: string,
): Promise<void> {
  const clients = await keycloak.get<Json[]>(apiPath`/realms/${realm}/clients`, { clientId });
  if (clients.length === 0) {
    throw new ProviderError(`validation error: client with name ${clientId} does not exist`, [
      "included_client_audience",
    ]);
  }
}

async function mapperId(keycloak: Keycloak, state: State, name: string): Promise<string> {
  const mappers = await keycloak.get<Json[]>(mappersPath(state));
  const found = mappers.find((mapper) => mapper.name === name);
  if (found === undefined) throw new ProviderError(`protocol mapper with name "${name}" not found`);
  return String(found.id);
}

function invalidImportId(id: string): ProviderError {
  const parent = "{{realmId}}/client/{{clientId}} or {{realmId}}/client-scope/{{clientScopeId}}";
  return new ProviderError(
    `invalid import id "${id}"; the format is ${parent}, then /{{protocolMapperId}} or /name/{{urlEncodedName}}`,
  );
}
