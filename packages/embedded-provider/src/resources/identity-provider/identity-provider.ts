import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import type { Json } from "../../keycloak/json.ts";
import type { Block } from "../../protocol/schema.ts";
import { asText, isZero, textOf, type State, type Value } from "../../protocol/value.ts";
import { readRepresentation, toRepresentation } from "../../shape/representation.ts";
import type { Change } from "../../shape/shape.ts";
import { ownedKeys, readExtraConfig, writeExtraConfig } from "../extra-config.ts";
import { segmentsOf } from "../import-id.ts";
import type { ResourceType } from "../resource-type.ts";
import { withTextVersion, writtenSecret } from "../write-only-secret.ts";
import {
  identityProviderFields,
  representedFields,
  writtenFields,
} from "./identity-provider-fields.ts";

const sentFields = { ...representedFields, ...writtenFields };
const owned = ownedKeys(sentFields, "config");

/** `keycloak_oidc_identity_provider`: another OpenID Connect issuer that a realm trusts. */
export const identityProvider: ResourceType = {
  name: "keycloak_oidc_identity_provider",
  shape: { fields: identityProviderFields },

  async create(context, change) {
    const { state } = change;
    const { keycloak } = context;
    const organization = textOf(state, "organization_id");
    const { organizationId, ...json } = toJson(context.block, change);
    await keycloak.post(instancesPath(state), json);
    state.id = textOf(state, "alias");
    if (organization !== "") {
      await keycloak.post(organizationPath(state, organization), textOf(state, "alias"));
      await keycloak.put(instancePath(state), { ...json, organizationId });
    }
    await this.read(context, state);
  },

  async read({ keycloak, block }, state) {
    fromJson(block, await keycloak.get(instancePath(state)), state);
  },

  async update({ keycloak, block }, change) {
    const { state, prior } = change;
    const json = toJson(block, change);
    const current = await keycloak.get(instancePath(state));
    await moveToOrganization(keycloak, change, asText(current.organizationId as Value));
    const config = json.config as Json;
    // Keycloak deletes a secret that it does not receive, and keeps its own if it receives the asterisks that it shows instead
    config.clientSecret ||= (current.config as Json | undefined)?.clientSecret ?? "";
    await keycloak.put(instancePath(state), json);
    fromJson(block, json, state, prior);
  },

  async delete({ keycloak }, state) {
    await keycloak.delete(instancePath(state));
  },

  import(_context, id) {
    const [realm = "", alias = ""] = segmentsOf(id, "{{realm}}/{{identityProviderAlias}}");
    return { realm, alias, id: alias };
  },

  upgrade: withTextVersion,
};

function toJson(block: Block, change: Change): Json {
  const json = toRepresentation(block, { fields: sentFields }, change.state);
  writeExtraConfig(json, change, "config");
  Object.assign(json.config as Json, {
    useJwksUrl: String(!isZero(change.state.jwks_url)),
    clientSecret: writtenSecret(change),
  });
  return json;
}

function fromJson(block: Block, json: Json, state: State, prior: State | null = null): void {
  readRepresentation(block, { fields: representedFields }, json, state);
  readExtraConfig(json, state, owned, prior, "config");
  state.id = state.alias ?? null;
}

async function moveToOrganization(
  keycloak: Keycloak,
  { state, prior }: Change,
  current: string,
): Promise<void> {
  const wanted = textOf(state, "organization_id");
  if (wanted === textOf(prior ?? {}, "organization_id")) return;
  const alias = textOf(state, "alias");
  if (current !== "")
    await keycloak.delete(`${organizationPath(state, current)}${apiPath`/${alias}`}`);
  if (wanted !== "") await keycloak.post(organizationPath(state, wanted), alias);
}

function instancesPath(state: State): string {
  return apiPath`/realms/${textOf(state, "realm")}/identity-provider/instances`;
}

function instancePath(state: State): string {
  return `${instancesPath(state)}${apiPath`/${textOf(state, "alias")}`}`;
}

function organizationPath(state: State, organization: string): string {
  return apiPath`/realms/${textOf(state, "realm")}/organizations/${organization}/identity-providers`;
}
