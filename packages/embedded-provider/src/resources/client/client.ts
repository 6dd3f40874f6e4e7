import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import type { Json } from "../../keycloak/json.ts";
import { isEquivalent } from "../../planning/null-values.ts";
import {
  isSame,
  isZero,
  textOf,
  unknownValue,
  type State,
  type Value,
} from "../../protocol/value.ts";
import { nestedBlock } from "../../shape/representation.ts";
import type { Change } from "../../shape/shape.ts";
import { segmentsOf } from "../import-id.ts";
import type { ResourceType } from "../resource-type.ts";
import { withTextVersion } from "../write-only-secret.ts";
import { adoptExistingClient } from "./adopt-existing-client.ts";
import { clientPath, clientsPath } from "./client-path.ts";
import { clientBlocks, clientFields } from "./client-fields.ts";
import { clientFromJson, clientToJson } from "./client-representation.ts";
import { validateClient } from "./client-validation.ts";

/** `keycloak_openid_client`: an OpenID Connect client. */
export const client: ResourceType = {
  name: "keycloak_openid_client",
  shape: { fields: clientFields, blocks: clientBlocks },

  customizePlan(planned, prior) {
    const changes = (name: string): boolean =>
      !isEquivalent(planned[name] ?? null, prior[name] ?? null);
    if (changes("service_accounts_enabled")) planned.service_account_user_id = unknownValue;
    if (changes("client_secret_regenerate_when_changed")) planned.client_secret = unknownValue;
  },

  async create(context, change) {
    const { state } = change;
    const { keycloak } = context;
    const json = clientToJson(context.block, change);
    await validate(keycloak, json);
    if (state.import === true) {
      state.id = await adoptExistingClient(keycloak, state, json);
    } else {
      state.id = await keycloak.create(clientsPath(state), json);
      if (nestedBlock(state, "authorization")?.keep_defaults === false)
        await deleteDefaultResource(keycloak, state);
    }
    await this.read(context, state);
  },

  async read({ keycloak, block }, state) {
    const json = { ...(await keycloak.getOnce(clientPath(state))) };
    // a confidential client is sent with its secret
    const secret =
      json.secret ?? (await keycloak.get(`${clientPath(state)}/client-secret`)).value ?? "";
    if (json.authorizationServicesEnabled === true)
      json.authorizationSettings = await keycloak.get(`${clientPath(state)}/authz/resource-server`);
    clientFromJson(block, { ...json, secret }, state);
    await readServiceAccount(keycloak, state);
    state.import ??= false;
  },

  async update({ keycloak, block }, change) {
    const { state, prior } = change;
    const json = clientToJson(block, change);
    await validate(keycloak, json);
    if (regeneratesSecret(change))
      json.secret = (await keycloak.post(`${clientPath(state)}/client-secret`)).value;
    await keycloak.put(clientPath(state), { ...json, id: textOf(state, "id") });
    clientFromJson(block, json, state, prior);
    await readServiceAccount(keycloak, state);
  },

  async delete({ keycloak }, state) {
    if (state.import !== true) await keycloak.delete(clientPath(state));
  },

  async import(context, id) {
    const format = "{{realmId}}/{{openidClientId}}, with the client's UUID";
    const [realm_id = "", uuid = ""] = segmentsOf(id, format);
    const state: State = { realm_id, id: uuid, import: false };
    await this.read(context, state);
    return state;
  },

  upgrade: withTextVersion,
};

async function validate(keycloak: Keycloak, json: Json): Promise<void> {
  const theme = (json.attributes as Json).login_theme as Value;
  const themes = isZero(theme) ? undefined : (await keycloak.serverInfo()).themes?.login;
  validateClient(
    json,
    themes?.map(({ name }) => name),
  );
}

function regeneratesSecret({ state, prior }: Change): boolean {
  const name = "client_secret_regenerate_when_changed";
  return !isSame(prior?.[name] ?? {}, state[name] ?? {});
}

async function readServiceAccount(keycloak: Keycloak, state: State): Promise<void> {
  const hasServiceAccount = state.service_accounts_enabled === true;
  const user = hasServiceAccount
    ? await keycloak.get(`${clientPath(state)}/service-account-user`)
    : { id: "" };
  state.service_account_user_id = String(user.id);
}

// Keycloak before 26.5 creates a default resource for every resource server
async function deleteDefaultResource(keycloak: Keycloak, state: State): Promise<void> {
  const resourcesPath = `${clientPath(state)}/authz/resource-server/resource`;
  const [resource] = await keycloak.get<Json[]>(resourcesPath, { name: "default" });
  if (resource !== undefined)
    await keycloak.delete(`${resourcesPath}${apiPath`/${String(resource._id)}`}`);
}
