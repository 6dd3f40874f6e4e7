/** keycloak_openid_client to and from Keycloak's ClientRepresentation. */
import { ProviderError } from "../diagnostics.ts";
import type { Json } from "../keycloak.ts";
import { blockOf, read, write } from "../representation.ts";
import { textOf } from "../resource.ts";
import type { Block } from "../schema.ts";
import type { Change } from "../shape.ts";
import { isSame, isZero, type State } from "../value.ts";
import { clientBlocks, representedFields, writtenFields } from "./client-fields.ts";
import { ownedKeys, readExtraConfig, writeExtraConfig } from "./extra-config.ts";

const written = { ...representedFields, ...writtenFields };
const owned = ownedKeys(written);
const nested = (block: Block, name: keyof typeof clientBlocks): Block =>
  block.block_types?.[name]?.block ?? {};

/** The planned client as Keycloak wants it. */
export function clientToJson(block: Block, change: Change): Json {
  const { state } = change;
  const json = write(block, { fields: written }, state);
  const authorization = blockOf(state, "authorization");
  const overrides = blockOf(state, "authentication_flow_binding_overrides") ?? {};
  const secret = secretOf(change);
  Object.assign(json, {
    protocol: "openid-connect",
    publicClient: state.access_type === "PUBLIC",
    bearerOnly: state.access_type === "BEARER-ONLY",
    ...((state.root_url ?? null) === null ? {} : { rootUrl: state.root_url }),
    ...(secret === "" ? {} : { secret }),
    authorizationServicesEnabled: authorization !== undefined,
    authenticationFlowBindingOverrides: write(
      nested(block, "authentication_flow_binding_overrides"),
      clientBlocks.authentication_flow_binding_overrides,
      overrides,
    ),
  });
  if (authorization !== undefined) {
    json.authorizationSettings = write(
      nested(block, "authorization"),
      clientBlocks.authorization,
      authorization,
    );
  }
  writeExtraConfig(json, change);
  return json;
}

// A write-only secret is sent only when its version changes, and then nothing that the state may still hold may take its place.
function secretOf({ state, prior, config }: Change): string {
  if (textOf(state, "client_secret_wo_version") === "") return textOf(state, "client_secret");
  const isNew = !isSame(prior?.client_secret_wo_version, state.client_secret_wo_version);
  return isNew ? textOf(config, "client_secret_wo") : "";
}

/** Takes over what a representation says, be it Keycloak's answer or what was just written. */
export function clientFromJson(
  block: Block,
  json: Json,
  state: State,
  prior: State | null = null,
): void {
  read(block, { fields: representedFields }, json, state);
  state.root_url = (json.rootUrl as string | undefined) ?? "";
  state.access_type = accessType(json);
  readExtraConfig(json, state, owned, prior);
  if (textOf(state, "client_secret_wo_version") === "")
    state.client_secret = (json.secret as string | undefined) ?? "";

  if (json.authorizationServicesEnabled === true) {
    state.resource_server_id = state.id ?? null;
    const settings = json.authorizationSettings as Json | undefined;
    if (settings !== undefined) {
      const kept = blockOf(state, "authorization")?.keep_defaults ?? false;
      const read_ = blockFromJson(block, "authorization", settings);
      state.authorization = [{ ...read_, keep_defaults: kept }];
    }
  }
  const overrides = (json.authenticationFlowBindingOverrides ?? {}) as Json;
  const flows = blockFromJson(block, "authentication_flow_binding_overrides", overrides);
  state.authentication_flow_binding_overrides = Object.values(flows).every(isZero) ? [] : [flows];
}

function blockFromJson(block: Block, name: keyof typeof clientBlocks, json: Json): State {
  const state: State = {};
  read(nested(block, name), clientBlocks[name], json, state);
  return state;
}

function accessType(json: Json): string {
  if (json.publicClient === true) return "PUBLIC";
  return json.bearerOnly === true ? "BEARER-ONLY" : "CONFIDENTIAL";
}

/** Refuses what Keycloak would accept and never let work. */
export function validateClient(
  json: Json,
  installedLoginThemes: readonly string[] | undefined,
): void {
  const is = (key: string): boolean => json[key] === true;
  const attributes = json.attributes as Json;
  const redirects = is("standardFlowEnabled") || is("implicitFlowEnabled");
  const fail = (message: string, attribute: string): never => {
    throw new ProviderError(message, [attribute]);
  };
  if (!redirects && !isEmpty(json.redirectUris)) {
    fail(
      "valid_redirect_uris cannot be set when standard or implicit flow is not enabled",
      "valid_redirect_uris",
    );
  }
  if (!redirects && !is("directAccessGrantsEnabled") && !isEmpty(json.webOrigins)) {
    fail("web_origins cannot be set when standard or implicit flow is not enabled", "web_origins");
  }
  if (
    is("bearerOnly") &&
    (redirects || is("directAccessGrantsEnabled") || is("serviceAccountsEnabled"))
  ) {
    fail(
      "validation error: Keycloak cannot issue tokens for bearer-only clients; enable no oauth2 flow",
      "access_type",
    );
  }
  if (redirects && isEmpty(json.redirectUris)) {
    fail(
      "validation error: standard (authorization code) and implicit flows require at least one valid redirect uri",
      "valid_redirect_uris",
    );
  }
  if (is("publicClient") && is("serviceAccountsEnabled")) {
    fail(
      "validation error: service accounts (client credentials flow) cannot be enabled on public clients",
      "service_accounts_enabled",
    );
  }
  const theme = attributes.login_theme;
  if (!isZero(theme as string) && installedLoginThemes?.includes(String(theme)) !== true) {
    fail(`validation error: theme "${String(theme)}" does not exist on the server`, "login_theme");
  }
  if (is("publicClient") && attributes["standard.token.exchange.enabled"] === "true") {
    fail(
      "validation error: standard token exchange cannot be enabled on public clients",
      "standard_token_exchange_enabled",
    );
  }
}

function isEmpty(list: unknown): boolean {
  return !Array.isArray(list) || list.length === 0;
}
