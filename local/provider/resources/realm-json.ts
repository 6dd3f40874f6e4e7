/** keycloak_realm to and from Keycloak's RealmRepresentation. */
import { ProviderError } from "../diagnostics.ts";
import type { Json } from "../keycloak.ts";
import { blockOf, read, write } from "../representation.ts";
import { textOf } from "../resource.ts";
import type { Block } from "../schema.ts";
import type { Shape } from "../shape.ts";
import { isRecord, isZero, type State, type Value } from "../value.ts";
import { realmBlocks, UNSPECIFIED } from "./realm-blocks.ts";
import { realmFields } from "./realm-fields.ts";

/** Attributes and blocks of the resource. */
export const realmShape: Shape = { fields: realmFields, blocks: realmBlocks };

/** First Keycloak that knows passkeys in the passwordless policy. */
const PASSKEYS = "26.3.5";
/** First Keycloak that knows `discoverable_credential`. */
const DISCOVERABLE = "26.7.0";

const RESIDENT_KEYS = {
  web_authn_policy: "webAuthnPolicyResidentKey",
  web_authn_passwordless_policy: "webAuthnPolicyPasswordlessResidentKey",
};
const PASSKEYS_KEY = "webAuthnPolicyPasswordlessPasskeysEnabled";

/** The planned realm as that version of Keycloak wants it. */
export function realmToJson(block: Block, state: State, version: string): Json {
  const json = write(block, realmShape, state);
  // Keycloak makes up an id unless it is told one, and the official provider tells it the name.
  json.id ??= json.realm;
  json.internationalizationEnabled = blockOf(state, "internationalization") !== undefined;
  json.attributes = isRecord(state.attributes) ? state.attributes : {};
  const smtp = blockOf(state, "smtp_server") ?? {};
  const auth =
    blockOf(smtp, "auth") !== undefined
      ? "basic"
      : blockOf(smtp, "token_auth") !== undefined
        ? "token"
        : "";
  json.smtpServer = {
    ...(json.smtpServer as Json | undefined),
    ...(auth === "" ? {} : { auth: "true", authType: auth }),
  };
  json.bruteForceProtected =
    blockOf(blockOf(state, "security_defenses") ?? {}, "brute_force_detection") !== undefined;
  adjustToVersion(json, state, version);
  return json;
}

function adjustToVersion(json: Json, state: State, version: string): void {
  const refuse = (block: string, attribute: string, since: string): never => {
    throw new ProviderError(
      `${attribute} in ${block} for realm "${textOf(state, "realm")}" is not supported by your Keycloak version ${version} (requires >= ${since})`,
      [block, 0, attribute],
    );
  };
  for (const [name, key] of Object.entries(RESIDENT_KEYS)) {
    if (isAtLeast(version, DISCOVERABLE)) continue;
    if (![undefined, UNSPECIFIED].includes(json[key] as string | undefined))
      refuse(name, "discoverable_credential", DISCOVERABLE);
    json[key] = undefined;
  }
  const passwordless = blockOf(state, "web_authn_passwordless_policy");
  const supported = isAtLeast(version, PASSKEYS);
  if (!supported && passwordless?.passwordless_passkeys_enabled === true) {
    refuse("web_authn_passwordless_policy", "passwordless_passkeys_enabled", PASSKEYS);
  }
  if (!supported || passwordless === undefined) json[PASSKEYS_KEY] = undefined;
}

/** Takes over what a representation says, be it Keycloak's answer or what was just written. */
export function realmFromJson(block: Block, json: Json, state: State, version: string): void {
  const inner = (...names: readonly string[]): Block =>
    names.reduce<Block>((outer, name) => outer.block_types?.[name]?.block ?? {}, block);
  const readBlock = (shape: Shape, ...names: readonly string[]): State => {
    const body: State = {};
    read(inner(...names), shape, json, body);
    return body;
  };
  state.id = String(json.realm);
  read(block, realmShape, json, state);
  state.attributes = managedAttributes(state, (json.attributes ?? {}) as State);
  state.smtp_server = readSmtp(json, readBlock);
  const { internationalization, otp_policy, web_authn_policy, web_authn_passwordless_policy } =
    realmBlocks;
  const localized = json.internationalizationEnabled === true;
  state.internationalization = localized
    ? [readBlock(internationalization, "internationalization")]
    : [];
  state.otp_policy = [readBlock(otp_policy, "otp_policy")];
  const webAuthn = readBlock(web_authn_policy, "web_authn_policy");
  const passwordless = readBlock(web_authn_passwordless_policy, "web_authn_passwordless_policy");
  for (const policy of [webAuthn, passwordless]) {
    const known = isAtLeast(version, DISCOVERABLE) && !isZero(policy.discoverable_credential);
    if (!known) policy.discoverable_credential = UNSPECIFIED;
  }
  if (!isAtLeast(version, PASSKEYS)) passwordless.passwordless_passkeys_enabled = null;
  state.web_authn_policy = [webAuthn];
  state.web_authn_passwordless_policy = [passwordless];
  readDefenses(json, state, readBlock);
}

type ReadBlock = (shape: Shape, ...names: readonly string[]) => State;

function readSmtp(json: Json, readBlock: ReadBlock): Value {
  const { auth, token_auth } = realmBlocks.smtp_server.blocks;
  const server = (json.smtpServer ?? {}) as Json;
  const body = readBlock(realmBlocks.smtp_server, "smtp_server");
  const isToken = server.authType === "token";
  const authenticated = server.auth === "true";
  if (Object.values(body).every(isZero) && !authenticated && isZero(server.user as string))
    return [];
  return [
    {
      ...body,
      auth: authenticated && !isToken ? [readBlock(auth, "smtp_server", "auth")] : [],
      token_auth:
        authenticated && isToken ? [readBlock(token_auth, "smtp_server", "token_auth")] : [],
    },
  ];
}

// The defences are read only where they are managed: nobody wants a realm's standard headers in every plan.
function readDefenses(json: Json, state: State, readBlock: ReadBlock): void {
  const before = blockOf(state, "security_defenses");
  if (before === undefined) return;
  const { headers, brute_force_detection } = realmBlocks.security_defenses.blocks;
  const managesHeaders = blockOf(before, "headers") !== undefined;
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

function isAtLeast(version: string, minimum: string): boolean {
  const parts = (text: string): number[] =>
    text.split(/[.-]/u).map((part) => Number.parseInt(part, 10) || 0);
  const [actual, wanted] = [parts(version), parts(minimum)];
  const index = wanted.findIndex((part, at) => part !== (actual[at] ?? 0));
  return index === -1 || (actual[index] ?? 0) > (wanted[index] ?? 0);
}
