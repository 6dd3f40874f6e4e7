import type { ResourceArguments } from "../../../terraform/synthesis/stack-json.ts";
import { rotates } from "../../compare/customers/credential-changes.ts";
import { changesMethod, credentialsIn } from "../../compare/customers/credentials.ts";
import type { DeclaredResource } from "../../compare/resources/pairs.ts";
import { isBlank, same } from "../../compare/values.ts";
import { clientType } from "../../../../constructs/names/resource-types.ts";

/** Whether a resource is a client with a secret. */
export function hasSecret({ type, values }: DeclaredResource): boolean {
  return type === clientType && values.access_type !== "PUBLIC";
}

/** Arguments of a client that change its secret or how it authenticates. */
const secretArguments = [
  "access_type",
  "client_authenticator_type",
  "client_secret",
  "client_secret_regenerate_when_changed",
  "client_secret_wo_version",
];

/** Whether a client that stays gets a new secret, or has to authenticate differently. */
export function getsNewSecret(before: ResourceArguments, after: ResourceArguments): boolean {
  const names = before.access_type === "PUBLIC" ? ["access_type"] : secretArguments;
  return names.some((name) => !same(valueOf(before, name), valueOf(after, name)));
}

/** Whether a customer's client needs a new secret, for another reason than a method that its entry changes: that is counted. */
export function needsNewSecret(before: ResourceArguments, after: ResourceArguments): boolean {
  return getsNewSecret(before, after) && !changesMethod(before, after);
}

/** Whether a customer's secret is rotated, and the previous one ends at once. */
export function isRotatedAtOnce(
  before: ResourceArguments,
  after: ResourceArguments,
  overlap: number | undefined,
): boolean {
  return overlap === undefined && rotates(credentialsIn(before), credentialsIn(after));
}

/** Values that the provider uses if there is none. */
const presets: ResourceArguments = {
  client_authenticator_type: "client-secret",
  enabled: true,
  standard_flow_enabled: false,
  include_in_token_scope: true,
  add_to_access_token: true,
};

/** The value of an argument: null if there is none, or if it is empty. */
function valueOf(values: ResourceArguments, name: string): unknown {
  const value = values[name] ?? presets[name] ?? null;
  return isBlank(value) ? null : value;
}

const switches = [
  "enabled",
  "standard_flow_enabled",
  "include_in_token_scope",
  "add_to_access_token",
];

/** Arguments of mappers that decide which API is in a token, and in which claim its roles are. */
const targets = [
  "included_client_audience",
  "included_custom_audience",
  "client_id_for_role_mappings",
  "claim_name",
];

/**
 * Whether something stays but has no effect any more: a disabled realm, API or frontend, a frontend without the flow that users sign in
 * with, a permission that tokens do not show, or a mapper that adds another audience, other roles, or none.
 */
export function isSwitchedOff(before: ResourceArguments, after: ResourceArguments): boolean {
  const isOn = (values: ResourceArguments, name: string) => valueOf(values, name) === true;
  return (
    switches.some((name) => isOn(before, name) && !isOn(after, name)) ||
    targets.some((name) => {
      const target = valueOf(before, name);
      return target !== null && !same(target, valueOf(after, name));
    })
  );
}

/** Whether redirect URIs of a client go away while others come at a host that the client did not have before. */
export function movesRedirects(before: ResourceArguments, after: ResourceArguments): boolean {
  const [old, now] = [uris(before), uris(after)];
  const hosts = new Set(old.map(hostOf));
  return old.some((uri) => !now.includes(uri)) && now.some((uri) => !hosts.has(hostOf(uri)));
}

function uris({ valid_redirect_uris }: ResourceArguments): string[] {
  return Array.isArray(valid_redirect_uris) ? valid_redirect_uris.map(String) : [];
}

/** The host of a URI. A URI without one, such as a wildcard or one of an app, is compared as a whole. */
function hostOf(uri: string): string {
  const host = URL.canParse(uri) ? new URL(uri).host : "";
  return host === "" ? uri : host;
}
