/** keycloak_openid_client */
import { ProviderError } from "../diagnostics.ts";
import { path, type Json, type Keycloak } from "../keycloak.ts";
import { blockOf } from "../representation.ts";
import { textOf, type ResourceType } from "../resource.ts";
import { isEquivalent } from "../normalize.ts";
import { isSame, isZero, UNKNOWN, type State, type Value } from "../value.ts";
import { clientBlocks, clientFields } from "./client-fields.ts";
import { clientFromJson, clientToJson, validateClient } from "./client-json.ts";

const listAddress = (state: State): string => path`/realms/${textOf(state, "realm_id")}/clients`;
const addressOf = (state: State): string =>
  `${listAddress(state)}/${encodeURIComponent(textOf(state, "id"))}`;

/** An OpenID Connect client. */
export const client: ResourceType = {
  name: "keycloak_openid_client",
  shape: { fields: clientFields, blocks: clientBlocks },

  customize(planned, prior) {
    const changes = (name: string): boolean =>
      !isEquivalent(planned[name] ?? null, prior[name] ?? null);
    if (changes("service_accounts_enabled")) planned.service_account_user_id = UNKNOWN;
    if (changes("client_secret_regenerate_when_changed")) planned.client_secret = UNKNOWN;
  },

  async create(context, change) {
    const { state } = change;
    const json = clientToJson(context.block, change);
    await validate(context.keycloak, json);
    if (state.import === true) {
      state.id = await adopt(context.keycloak, state, json);
    } else {
      state.id = await context.keycloak.create(listAddress(state), json);
      if (blockOf(state, "authorization")?.keep_defaults === false)
        await deleteDefaultResource(context.keycloak, state);
    }
    await this.read(context, state);
  },

  async read({ keycloak, block }, state) {
    const json = await keycloak.get(addressOf(state));
    const { value } = await keycloak.get(`${addressOf(state)}/client-secret`);
    if (json.authorizationServicesEnabled === true) {
      json.authorizationSettings = await keycloak.get(`${addressOf(state)}/authz/resource-server`);
    }
    clientFromJson(block, { ...json, secret: value ?? "" }, state);
    await readServiceAccount(keycloak, state);
    state.import ??= false;
  },

  async update({ keycloak, block }, change) {
    const { state, prior } = change;
    const json = clientToJson(block, change);
    await validate(keycloak, json);
    if (
      !isSame(
        prior?.client_secret_regenerate_when_changed ?? {},
        state.client_secret_regenerate_when_changed ?? {},
      )
    ) {
      json.secret = (await keycloak.post(`${addressOf(state)}/client-secret`)).value;
    }
    await keycloak.put(addressOf(state), { ...json, id: textOf(state, "id") });
    clientFromJson(block, json, state, prior);
    await readServiceAccount(keycloak, state);
  },

  async delete({ keycloak }, state) {
    if (state.import !== true) await keycloak.delete(addressOf(state));
  },

  async import(context, id) {
    const [realm_id, uuid, ...rest] = id.split("/");
    if (realm_id === undefined || uuid === undefined || rest.length > 0) {
      throw new ProviderError(
        `invalid import id "${id}"; the format is {{realmId}}/{{openidClientId}}, the latter Keycloak's UUID`,
      );
    }
    const state: State = { realm_id, id: uuid, import: false };
    await this.read(context, state);
    return state;
  },

  upgrade(version, state) {
    const secretVersion = state.client_secret_wo_version;
    if (version > 0 || typeof secretVersion !== "number") return state;
    return { ...state, client_secret_wo_version: String(Math.trunc(secretVersion)) };
  },
};

async function validate(keycloak: Keycloak, json: Json): Promise<void> {
  const theme = (json.attributes as Json).login_theme as Value;
  const themes = isZero(theme) ? undefined : (await keycloak.serverInfo()).themes?.login;
  validateClient(
    json,
    themes?.map(({ name }) => name),
  );
}

async function readServiceAccount(keycloak: Keycloak, state: State): Promise<void> {
  const enabled = state.service_accounts_enabled === true;
  const user = enabled
    ? await keycloak.get(`${addressOf(state)}/service-account-user`)
    : { id: "" };
  state.service_account_user_id = String(user.id);
}

/** `import = true`: takes over a client that exists. What the configuration leaves at zero keeps the value that it has. */
async function adopt(keycloak: Keycloak, state: State, json: Json): Promise<string> {
  const clientId = textOf(state, "client_id");
  const [existing] = await keycloak.get<Json[]>(listAddress(state), { clientId });
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
  await keycloak.put(`${listAddress(state)}/${encodeURIComponent(id)}`, {
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

function pick(from: Json, keys: readonly string[]): Json {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}

/** Before 26.5 Keycloak made one for every resource server. */
async function deleteDefaultResource(keycloak: Keycloak, state: State): Promise<void> {
  const address = `${addressOf(state)}/authz/resource-server/resource`;
  const [resource] = await keycloak.get<Json[]>(address, { name: "default" });
  if (resource !== undefined)
    await keycloak.delete(`${address}/${encodeURIComponent(String(resource._id))}`);
}
