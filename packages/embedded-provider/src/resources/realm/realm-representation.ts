import type { Json } from "../../keycloak/json.ts";
import type { Block } from "../../protocol/schema.ts";
import { isRecord, isZero, type State, type Value } from "../../protocol/value.ts";
import { nestedBlock, readRepresentation, toRepresentation } from "../../shape/representation.ts";
import type { Shape } from "../../shape/shape.ts";
import { realmBlocks } from "./realm-blocks.ts";
import { realmFields } from "./realm-fields.ts";
import { removeUnsupported, resetUnsupported } from "./version-support.ts";

/** The attributes and blocks of `keycloak_realm`. */
export const realmShape: Shape = { fields: realmFields, blocks: realmBlocks };

/**
 * Translates a planned realm into the RealmRepresentation of a version of Keycloak.
 *
 * @throws ProviderError if the version does not support a configured attribute
 * @see https://www.keycloak.org/docs-api/latest/rest-api/index.html#RealmRepresentation
 */
export function realmToJson(block: Block, state: State, version: string): Json {
  const json = toRepresentation(block, realmShape, state);
  // without an id Keycloak generates one; the official provider sends the name
  json.id ??= json.realm;
  json.internationalizationEnabled = nestedBlock(state, "internationalization") !== undefined;
  json.attributes = isRecord(state.attributes) ? state.attributes : {};
  json.smtpServer = {
    ...(json.smtpServer as Json | undefined),
    ...smtpAuthentication(nestedBlock(state, "smtp_server") ?? {}),
  };
  const defenses = nestedBlock(state, "security_defenses") ?? {};
  json.bruteForceProtected = nestedBlock(defenses, "brute_force_detection") !== undefined;
  removeUnsupported(json, state, version);
  return json;
}

function smtpAuthentication(smtp: State): Json {
  if (nestedBlock(smtp, "auth") !== undefined) return { auth: "true", authType: "basic" };
  if (nestedBlock(smtp, "token_auth") !== undefined) return { auth: "true", authType: "token" };
  return {};
}

/** Reads a RealmRepresentation into the state: Keycloak's response, or what an update has just written. */
export function realmFromJson(block: Block, json: Json, state: State, version: string): void {
  const readBlock = blockReader(block, json);
  state.id = String(json.realm);
  readRepresentation(block, realmShape, json, state);
  state.attributes = managedAttributes(state, (json.attributes ?? {}) as State);
  state.smtp_server = readSmtp(json, readBlock);
  state.internationalization =
    json.internationalizationEnabled === true
      ? [readBlock(realmBlocks.internationalization, "internationalization")]
      : [];
  state.otp_policy = [readBlock(realmBlocks.otp_policy, "otp_policy")];
  const webAuthn = readBlock(realmBlocks.web_authn_policy, "web_authn_policy");
  const passwordless = readBlock(
    realmBlocks.web_authn_passwordless_policy,
    "web_authn_passwordless_policy",
  );
  resetUnsupported(webAuthn, passwordless, version);
  state.web_authn_policy = [webAuthn];
  state.web_authn_passwordless_policy = [passwordless];
  readDefenses(json, state, readBlock);
}

/** Reads a nested block; the names lead to it in the schema. */
type ReadBlock = (shape: Shape, ...names: readonly string[]) => State;

function blockReader(block: Block, json: Json): ReadBlock {
  return (shape, ...names) => {
    const nested = names.reduce((outer, name) => outer.block_types?.[name]?.block ?? {}, block);
    const body: State = {};
    readRepresentation(nested, shape, json, body);
    return body;
  };
}

function readSmtp(json: Json, readBlock: ReadBlock): Value {
  const { auth, token_auth } = realmBlocks.smtp_server.blocks;
  const server = (json.smtpServer ?? {}) as Json;
  const body = readBlock(realmBlocks.smtp_server, "smtp_server");
  const isToken = server.authType === "token";
  const isAuthenticated = server.auth === "true";
  const isAbsent =
    Object.values(body).every(isZero) && !isAuthenticated && isZero(server.user as Value);
  if (isAbsent) return [];
  return [
    {
      ...body,
      auth: isAuthenticated && !isToken ? [readBlock(auth, "smtp_server", "auth")] : [],
      token_auth:
        isAuthenticated && isToken ? [readBlock(token_auth, "smtp_server", "token_auth")] : [],
    },
  ];
}

// only if they are managed: otherwise every plan would show the standard headers of the realm
function readDefenses(json: Json, state: State, readBlock: ReadBlock): void {
  const before = nestedBlock(state, "security_defenses");
  if (before === undefined) return;
  const { headers, brute_force_detection } = realmBlocks.security_defenses.blocks;
  const managesHeaders = nestedBlock(before, "headers") !== undefined;
  const isProtected = json.bruteForceProtected === true;
  const body: State = {
    headers: managesHeaders ? [readBlock(headers, "security_defenses", "headers")] : [],
    brute_force_detection: isProtected
      ? [readBlock(brute_force_detection, "security_defenses", "brute_force_detection")]
      : [],
  };
  state.security_defenses = managesHeaders || isProtected ? [body] : [];
}

function managedAttributes(state: State, found: State): State {
  const managed = isRecord(state.attributes) ? Object.keys(state.attributes) : [];
  return Object.fromEntries(
    managed.flatMap((key) => (key in found ? [[key, found[key] ?? null]] : [])),
  );
}
