import type { Json } from "../../keycloak/json.ts";
import type { Block } from "../../protocol/schema.ts";
import { isZero, type State } from "../../protocol/value.ts";
import { nestedBlock, readRepresentation, toRepresentation } from "../../shape/representation.ts";
import type { Change } from "../../shape/shape.ts";
import { ownedKeys, readExtraConfig, writeExtraConfig } from "../extra-config.ts";
import { hasWriteOnlySecret, writtenSecret } from "../write-only-secret.ts";
import { clientBlocks, representedFields, writtenFields } from "./client-fields.ts";

type BlockName = keyof typeof clientBlocks;

const sentFields = { ...representedFields, ...writtenFields };
const owned = ownedKeys(sentFields);

/**
 * Translates a planned client into Keycloak's ClientRepresentation.
 *
 * @see https://www.keycloak.org/docs-api/latest/rest-api/index.html#ClientRepresentation
 */
export function clientToJson(block: Block, change: Change): Json {
  const { state } = change;
  const json = toRepresentation(block, { fields: sentFields }, state);
  const authorization = nestedBlock(state, "authorization");
  const overrides = nestedBlock(state, "authentication_flow_binding_overrides") ?? {};
  const secret = writtenSecret(change);
  Object.assign(json, {
    protocol: "openid-connect",
    publicClient: state.access_type === "PUBLIC",
    bearerOnly: state.access_type === "BEARER-ONLY",
    ...((state.root_url ?? null) === null ? {} : { rootUrl: state.root_url }),
    ...(secret === "" ? {} : { secret }),
    authorizationServicesEnabled: authorization !== undefined,
    authenticationFlowBindingOverrides: blockToJson(
      block,
      "authentication_flow_binding_overrides",
      overrides,
    ),
  });
  if (authorization !== undefined)
    json.authorizationSettings = blockToJson(block, "authorization", authorization);
  writeExtraConfig(json, change);
  return json;
}

/**
 * Reads a ClientRepresentation into the state: Keycloak's response, or what an update has just written.
 *
 * @param prior the state before an update, whose `extra_config` keys still count; null for a read
 */
export function clientFromJson(
  block: Block,
  json: Json,
  state: State,
  prior: State | null = null,
): void {
  readRepresentation(block, { fields: representedFields }, json, state);
  state.root_url = (json.rootUrl as string | undefined) ?? "";
  state.access_type = accessType(json);
  readExtraConfig(json, state, owned, prior);
  if (!hasWriteOnlySecret(state)) state.client_secret = (json.secret as string | undefined) ?? "";
  readAuthorization(block, json, state);
  readFlowOverrides(block, json, state);
}

function accessType(json: Json): string {
  if (json.publicClient === true) return "PUBLIC";
  return json.bearerOnly === true ? "BEARER-ONLY" : "CONFIDENTIAL";
}

function readAuthorization(block: Block, json: Json, state: State): void {
  if (json.authorizationServicesEnabled !== true) return;
  state.resource_server_id = state.id ?? null;
  const settings = json.authorizationSettings as Json | undefined;
  if (settings === undefined) return;
  const keepDefaults = nestedBlock(state, "authorization")?.keep_defaults ?? false;
  const authorization = blockFromJson(block, "authorization", settings);
  state.authorization = [{ ...authorization, keep_defaults: keepDefaults }];
}

function readFlowOverrides(block: Block, json: Json, state: State): void {
  const overrides = (json.authenticationFlowBindingOverrides ?? {}) as Json;
  const flows = blockFromJson(block, "authentication_flow_binding_overrides", overrides);
  state.authentication_flow_binding_overrides = Object.values(flows).every(isZero) ? [] : [flows];
}

function blockToJson(block: Block, name: BlockName, body: State): Json {
  return toRepresentation(nestedSchema(block, name), clientBlocks[name], body);
}

function blockFromJson(block: Block, name: BlockName, json: Json): State {
  const body: State = {};
  readRepresentation(nestedSchema(block, name), clientBlocks[name], json, body);
  return body;
}

function nestedSchema(block: Block, name: BlockName): Block {
  return block.block_types?.[name]?.block ?? {};
}
