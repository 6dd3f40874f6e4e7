import type { Json } from "../../keycloak/json.ts";
import { apiPath } from "../../keycloak/keycloak.ts";
import type { Block } from "../../protocol/schema.ts";
import { isZero, textOf, type State, type Value } from "../../protocol/value.ts";
import { quotedBool, quotedNumber } from "../../shape/codecs.ts";
import { readRepresentation, toRepresentation } from "../../shape/representation.ts";
import { unlessConfigured, type Change, type Fields } from "../../shape/shape.ts";
import { extraConfigField, ownedKeys, readExtraConfig, writeExtraConfig } from "../extra-config.ts";
import { segmentsOf } from "../import-id.ts";
import type { ResourceType } from "../resource-type.ts";

const fields: Fields = {
  realm_id: { forceNew: true },
  name: { at: "name" },
  description: { at: "description", suppress: unlessConfigured },
  consent_screen_text: { at: ["attributes", "consent.screen.text"] },
  include_in_token_scope: {
    at: ["attributes", "include.in.token.scope"],
    as: quotedBool,
    default: true,
  },
  include_in_openid_provider_metadata: {
    at: ["attributes", "include.in.openid.provider.metadata"],
    as: quotedBool,
    default: true,
  },
  gui_order: { at: ["attributes", "gui.order"], as: quotedNumber },
};

/** The key of Keycloak's that follows from `consent_screen_text`. */
const displayOnConsentScreen = "display.on.consent.screen";

const owned = new Set([...ownedKeys(fields), displayOnConsentScreen]);

/** `keycloak_openid_client_scope`: a client scope. */
export const clientScope: ResourceType = {
  name: "keycloak_openid_client_scope",
  shape: {
    fields: { ...fields, extra_config: extraConfigField(fields, [displayOnConsentScreen]) },
  },

  async create(context, change) {
    const { state } = change;
    const json = toJson(context.block, change);
    state.id = await context.keycloak.create(scopesPath(state), json);
    await this.read(context, state);
  },

  async read({ keycloak, block }, state) {
    fromJson(block, await keycloak.get(scopePath(state)), state, null);
  },

  async update({ keycloak, block }, change) {
    const { state, prior } = change;
    const json = toJson(block, change);
    await keycloak.put(scopePath(state), { ...json, id: textOf(state, "id") });
    fromJson(block, json, state, prior);
  },

  async delete({ keycloak }, state) {
    await keycloak.delete(scopePath(state));
  },

  import(_context, id) {
    const [realm_id = "", scope = ""] = segmentsOf(id, "{{realmId}}/{{openidClientScopeId}}");
    return { realm_id, id: scope };
  },
};

function scopesPath(state: State): string {
  return apiPath`/realms/${textOf(state, "realm_id")}/client-scopes`;
}

function scopePath(state: State): string {
  return `${scopesPath(state)}${apiPath`/${textOf(state, "id")}`}`;
}

function toJson(block: Block, change: Change): Json {
  const json = toRepresentation(block, { fields }, change.state);
  json.protocol = "openid-connect";
  const isDisplayed = !isZero(change.state.consent_screen_text);
  json.attributes = {
    ...(json.attributes as Json),
    [displayOnConsentScreen]: String(isDisplayed),
  };
  writeExtraConfig(json, change);
  return json;
}

function fromJson(block: Block, json: Json, state: State, prior: State | null): void {
  const before = { ...state };
  const attributes = (json.attributes ?? {}) as Record<string, Value>;
  readRepresentation(block, { fields }, json, state);
  // the official provider does not notice if these two are removed in Keycloak; to plan the same, neither does this one
  if (attributes[displayOnConsentScreen] !== "true")
    state.consent_screen_text = before.consent_screen_text ?? null;
  if (isZero(attributes["gui.order"])) state.gui_order = before.gui_order ?? null;
  readExtraConfig(json, state, owned, prior);
}
