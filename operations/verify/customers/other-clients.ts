import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import { reservedClientIds } from "../../../constructs/names/reserved-names.ts";
import { clientType } from "../../../constructs/names/resource-types.ts";
import { rolesScopeName } from "../../../constructs/names/roles-scope-name.ts";
import { attributeOf } from "../../keycloak/clients.ts";
import {
  type ResourceArguments,
  resourcesOfType,
  type StackContent,
} from "../../terraform/synthesis/stack-json.ts";
import { redirectProblems, switchProblems } from "./client-settings.ts";
import { deployIt, isMissing, listProblems, type Problem, valueProblems } from "../difference.ts";
import { accessScopes, promisedScopes } from "../promised-scopes.ts";

/** Problems of an API's client. */
export function apiProblems(client: ClientRepresentation | undefined): Problem[] {
  if (!client) return [isMissing];
  return [
    ...(client.enabled === false
      ? [
          {
            problem: "is disabled, so that Keycloak 26.7.5 and later leave it out of every aud",
            fix: deployIt,
          },
        ]
      : []),
    ...switchProblems("API", client),
  ];
}

/** Problems of a frontend's client: its switches, its addresses, and what it may do at the APIs. */
export function frontendProblems(
  client: ClientRepresentation | undefined,
  id: string,
  { declaration, resources }: Pick<StackContent, "declaration" | "resources">,
): Problem[] {
  if (!client) return [isMissing];
  const values = clientResources(resources).find(({ client_id }) => client_id === id) ?? {};
  const listOf = (name: string) => (values[name] ?? []) as readonly string[];
  const { defaultClientScopes = [], optionalClientScopes = [], enabled = true } = client;
  const ofApis = promisedScopes(declaration)
    .filter(({ isBuiltIn }) => !isBuiltIn)
    .map(({ name }) => name);
  const pkce = "pkce.code.challenge.method";
  return [
    ...valueProblems("enabled", enabled, true, deployIt),
    ...switchProblems("frontend", client),
    ...valueProblems(pkce, attributeOf(client, pkce), "S256", deployIt),
    ...redirectProblems(client, listOf("valid_redirect_uris"), listOf("web_origins")),
    ...listProblems(
      "scope",
      [...defaultClientScopes, ...optionalClientScopes].filter((name) => ofApis.includes(name)),
      frontendScopes(declaration, id),
      { extra: "remove it in Keycloak, or run npm run deploy", missing: deployIt },
    ),
  ];
}

/** The client scopes of APIs that a frontend has. */
function frontendScopes({ frontends, roles = {} }: RealmDeclaration, id: string): string[] {
  const access = frontends[id] ?? {};
  const withRoles = Object.keys(access).filter((api) => Object.hasOwn(roles, api));
  return [...accessScopes(access), ...withRoles.map(rolesScopeName)];
}

/**
 * Client ids that nobody declared: neither in the declaration nor as another resource of `main.ts`. Keycloak's own and the deployer are
 * left out.
 */
export function undeclaredClients(
  clientIds: readonly string[],
  { declaration, resources }: Pick<StackContent, "declaration" | "resources">,
): string[] {
  const { customers, apis, frontends } = declaration;
  const known = new Set([
    ...reservedClientIds,
    ...[customers, apis, frontends].flatMap(Object.keys),
    ...clientResources(resources).map(({ client_id }) => client_id),
  ]);
  return clientIds.filter((id) => !known.has(id));
}

/** The arguments of all clients that Terraform manages, also those of other protocols. */
function clientResources(resources: StackContent["resources"]): ResourceArguments[] {
  return resourcesOfType(resources, clientType, "keycloak_saml_client").map(([, values]) => values);
}
