/** keycloak_openid_client_scope */
import { quotedBool, quotedNumber } from "../codecs.ts";
import { ProviderError } from "../diagnostics.ts";
import { path, type Json } from "../keycloak.ts";
import { read, write } from "../representation.ts";
import { textOf, type Context, type ResourceType } from "../resource.ts";
import { unlessConfigured, type Change, type Field } from "../shape.ts";
import { isZero, type State } from "../value.ts";
import { extraConfig, ownedKeys, readExtraConfig, writeExtraConfig } from "./extra-config.ts";

const fields: Readonly<Record<string, Field>> = {
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
// Follows from consent_screen_text; Keycloak has it as an attribute of its own.
const DISPLAY = "display.on.consent.screen";
const owned = new Set([...ownedKeys(fields), DISPLAY]);

const toJson = (block: Context["block"], change: Change): Json => {
  const json = write(block, { fields }, change.state);
  json.protocol = "openid-connect";
  const display = String(!isZero(change.state.consent_screen_text));
  json.attributes = { ...(json.attributes as Json), [DISPLAY]: display };
  writeExtraConfig(json, change);
  return json;
};

const fromJson = (block: Context["block"], json: Json, state: State, prior: State | null): void => {
  const before = { ...state };
  const attributes = (json.attributes ?? {}) as Json;
  read(block, { fields }, json, state);
  // The official provider forgets to notice when these two disappear; so do we, for the same plans.
  if (attributes[DISPLAY] !== "true")
    state.consent_screen_text = before.consent_screen_text ?? null;
  if (isZero(attributes["gui.order"] as string)) state.gui_order = before.gui_order ?? null;
  readExtraConfig(json, state, owned, prior);
};

const addressOf = (state: State): string =>
  path`/realms/${textOf(state, "realm_id")}/client-scopes/${textOf(state, "id")}`;

/** A client scope of a realm. */
export const clientScope: ResourceType = {
  name: "keycloak_openid_client_scope",
  shape: { fields: { ...fields, extra_config: extraConfig(fields, [DISPLAY]) } },

  async create(context, change) {
    const { state } = change;
    const realm = textOf(state, "realm_id");
    const json = toJson(context.block, change);
    state.id = await context.keycloak.create(path`/realms/${realm}/client-scopes`, json);
    await this.read(context, state);
  },

  async read({ keycloak, block }, state) {
    fromJson(block, await keycloak.get(addressOf(state)), state, null);
  },

  async update({ keycloak, block }, change) {
    const json = toJson(block, change);
    await keycloak.put(addressOf(change.state), { ...json, id: textOf(change.state, "id") });
    fromJson(block, json, change.state, change.prior);
  },

  async delete({ keycloak }, state) {
    await keycloak.delete(addressOf(state));
  },

  import(_context, id) {
    const [realm_id, scope, ...rest] = id.split("/");
    if (realm_id === undefined || scope === undefined || rest.length > 0) {
      throw new ProviderError(
        `invalid import id "${id}"; the format is {{realmId}}/{{openidClientScopeId}}`,
      );
    }
    return { realm_id, id: scope };
  },
};
