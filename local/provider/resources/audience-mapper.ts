/** keycloak_openid_audience_protocol_mapper */
import { quotedBool } from "../codecs.ts";
import { ProviderError } from "../diagnostics.ts";
import { path, type Json, type Keycloak } from "../keycloak.ts";
import { read, write } from "../representation.ts";
import { textOf, type Context, type ResourceType } from "../resource.ts";
import type { Field } from "../shape.ts";
import type { State } from "../value.ts";

const parents = ["client_id", "client_scope_id"];

const fields: Readonly<Record<string, Field>> = {
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

const toJson = (block: Context["block"], state: State): Json => ({
  ...write(block, shape, state),
  protocol: "openid-connect",
  protocolMapper: "oidc-audience-mapper",
});

function listAddress(state: State): string {
  const realm = textOf(state, "realm_id");
  const scope = textOf(state, "client_scope_id");
  return scope === ""
    ? path`/realms/${realm}/clients/${textOf(state, "client_id")}/protocol-mappers/models`
    : path`/realms/${realm}/client-scopes/${scope}/protocol-mappers/models`;
}

const addressOf = (state: State): string =>
  `${listAddress(state)}/${encodeURIComponent(textOf(state, "id"))}`;

async function validate(keycloak: Keycloak, state: State): Promise<void> {
  const client = textOf(state, "included_client_audience");
  const custom = textOf(state, "included_custom_audience");
  if ((client === "") === (custom === "")) {
    throw new ProviderError(
      "validation error: set exactly one of included_client_audience and included_custom_audience",
    );
  }
  const name = textOf(state, "name");
  const mappers = await keycloak.get<Json[]>(listAddress(state));
  if (mappers.some((mapper) => mapper.name === name && mapper.id !== textOf(state, "id"))) {
    throw new ProviderError(
      `validation error: a protocol mapper with name ${name} already exists for this client`,
      ["name"],
    );
  }
  if (client === "") return;
  const clients = await keycloak.get<Json[]>(path`/realms/${textOf(state, "realm_id")}/clients`, {
    clientId: client,
  });
  if (clients.length === 0) {
    throw new ProviderError(`validation error: client with name ${client} does not exist`, [
      "included_client_audience",
    ]);
  }
}

/** A mapper that adds an audience to tokens, on a client or a client scope. */
export const audienceMapper: ResourceType = {
  name: "keycloak_openid_audience_protocol_mapper",
  shape,

  async create(context, { state }) {
    await validate(context.keycloak, state);
    state.id = await context.keycloak.create(listAddress(state), toJson(context.block, state));
    await this.read(context, state);
  },

  async read({ keycloak, block }, state) {
    const before = { ...state };
    read(block, shape, await keycloak.get(addressOf(state)), state);
    // Of the two audiences only one is read back; the other stays what it was.
    const other =
      textOf(state, "included_client_audience") === ""
        ? "included_client_audience"
        : "included_custom_audience";
    state[other] = before[other] ?? null;
  },

  async update(context, { state }) {
    await validate(context.keycloak, state);
    await context.keycloak.put(addressOf(state), {
      ...toJson(context.block, state),
      id: textOf(state, "id"),
    });
    await this.read(context, state);
  },

  async delete({ keycloak }, state) {
    await keycloak.delete(addressOf(state));
  },

  async import({ keycloak }, id) {
    const [realm_id = "", kind, parent = "", ...rest] = id.split("/");
    const byName = rest.length === 2 && rest[0] === "name";
    if (rest.length !== 1 && !byName) throw new ProviderError(invalidImport(id));
    if (kind !== "client" && kind !== "client-scope") {
      throw new ProviderError(
        `invalid import id "${id}": the parent must be client or client-scope, not "${kind ?? ""}"`,
      );
    }
    const state = { realm_id, [kind === "client" ? "client_id" : "client_scope_id"]: parent };
    if (!byName) return { ...state, id: rest[0] ?? "" };
    const name = decodeURIComponent(rest[1] ?? "");
    const found = (await keycloak.get<Json[]>(listAddress(state))).find(
      (mapper) => mapper.name === name,
    );
    if (found === undefined)
      throw new ProviderError(`protocol mapper with name "${name}" not found`);
    return { ...state, id: String(found.id) };
  },
};

function invalidImport(id: string): string {
  const parent = "{{realmId}}/client/{{clientId}} or {{realmId}}/client-scope/{{clientScopeId}}";
  return `invalid import id "${id}"; the format is ${parent}, then /{{protocolMapperId}} or /name/{{urlEncodedName}}`;
}
