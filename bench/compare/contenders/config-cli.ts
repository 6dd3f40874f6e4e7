import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { api, type Customers, permissions } from "../../generated-customers.ts";
import type { Work } from "../work.ts";
import type { ContenderKind } from "./contender.ts";

/** It has no plan: an import of an unchanged file is what comes next to it. */
const works: readonly Work[] = [
  "first deploy",
  "nothing to do",
  "add one",
  "change one permission",
];

/**
 * keycloak-config-cli, as its jar.
 *
 * @param usesChecksum whether it skips a file that has not changed since its last import, without a look at Keycloak
 * @see https://github.com/adorsys/keycloak-config-cli
 */
export function configCli(jar: string, usesChecksum: boolean): ContenderKind {
  return {
    name: usesChecksum ? "keycloak-config-cli, checksum" : "keycloak-config-cli",
    isPeer: true,
    prepare({ keycloak, realm, folder }) {
      const file = join(folder, "realm.json");
      const args = [
        ...["-jar", jar, `--import.files.locations=${file}`],
        // not import.parallel: with it, version 6.5.0 ends with a ClassNotFoundException
        `--import.cache.enabled=${usesChecksum}`,
      ];
      return Promise.resolve({
        realm,
        declare: (customers) => writeFile(file, JSON.stringify(realmOf(realm, customers))),
        command: (work) =>
          works.includes(work)
            ? { program: "java", args, folder, variables: variablesOf(keycloak.variables) }
            : undefined,
        [Symbol.asyncDispose]: () => Promise.resolve(),
      });
    },
  };
}

/** The login of a service account as it reads it. */
function variablesOf(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET } = variables;
  return {
    ...variables,
    KEYCLOAK_GRANTTYPE: "client_credentials",
    KEYCLOAK_CLIENTID: KEYCLOAK_CLIENT_ID,
    KEYCLOAK_CLIENTSECRET: KEYCLOAK_CLIENT_SECRET,
  };
}

/** The realm in the form of Keycloak's export. */
function realmOf(realm: string, customers: Customers): object {
  return {
    ...{ realm, enabled: true, sslRequired: "external", accessTokenLifespan: 300 },
    ...{ adminEventsEnabled: true, eventsEnabled: true, eventsExpiration: 604_800 },
    ...{ defaultDefaultClientScopes: ["basic"], defaultOptionalClientScopes: [] },
    clientScopes: [audienceScope, ...permissions.map((name) => clientScope(name, true))],
    clients: [
      { clientId: api, standardFlowEnabled: false, directAccessGrantsEnabled: false },
      ...Object.entries(customers).map(([clientId, { name, contact, access }]) => ({
        ...{ clientId, name, enabled: true, publicClient: false, attributes: { contact } },
        ...{ standardFlowEnabled: false, directAccessGrantsEnabled: false },
        ...{ serviceAccountsEnabled: true, fullScopeAllowed: false },
        // without service_account, which Keycloak adds, it would find a difference in every import
        defaultClientScopes: ["basic", "service_account", audience, ...(access[api] ?? [])],
        optionalClientScopes: [],
      })),
    ],
  };
}

const audience = `${api}-audience`;

const audienceScope = {
  ...clientScope(audience, false),
  protocolMappers: [
    {
      name: audience,
      protocol: "openid-connect",
      protocolMapper: "oidc-audience-mapper",
      config: {
        "included.client.audience": api,
        "access.token.claim": "true",
        "id.token.claim": "false",
      },
    },
  ],
};

function clientScope(name: string, isInTokenScope: boolean): object {
  const attributes = { "include.in.token.scope": String(isInTokenScope) };
  return { name, protocol: "openid-connect", attributes };
}
