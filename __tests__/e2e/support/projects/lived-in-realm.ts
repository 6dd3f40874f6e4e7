import type KcAdminClient from "@keycloak/keycloak-admin-client";

/** Names of the client scopes that {@link createLivedInRealm} adds. */
export const ownScopes = { default: "tenant", optional: "reports" };

/**
 * Creates a realm as a company may have one: with a theme, mail settings, a sign-in flow, users, clients, and default and optional client
 * scopes of its own. It stores no events.
 */
export async function createLivedInRealm(admin: KcAdminClient, realm: string): Promise<void> {
  await admin.realms.create({
    ...{ realm, enabled: true, displayName: "Lived In", loginTheme: "keycloak.v2" },
    ...{ accessTokenLifespan: 120, bruteForceProtected: true, passwordPolicy: "length(14)" },
    smtpServer: { host: "mail.example.com", from: "no-reply@example.com", port: "25" },
    roles: { realm: [{ name: "clerk" }] },
    groups: [{ name: "staff", realmRoles: ["clerk"] }],
    users: [
      {
        ...{ username: "ann", enabled: true, email: "ann@example.com", groups: ["/staff"] },
        credentials: [{ type: "password", value: "ann's long password" }],
      },
    ],
  });
  await admin.authenticationManagement.copyFlow({ realm, flow: "browser", newName: "own browser" });
  await admin.realms.update({ realm }, { browserFlow: "own browser" });
  for (const [kind, name] of Object.entries(ownScopes)) await addScope(admin, realm, kind, name);
  await moveToOptional(admin, realm, "email");
  await admin.clients.create({
    ...{ realm, clientId: "legacy", secret: "a-secret-of-legacy", serviceAccountsEnabled: true },
    ...{ redirectUris: ["https://legacy.example.com/*"], standardFlowEnabled: true },
  });
}

async function addScope(
  admin: KcAdminClient,
  realm: string,
  kind: string,
  name: string,
): Promise<void> {
  const { id } = await admin.clientScopes.create({
    ...{ realm, name, protocol: "openid-connect" },
    attributes: { "include.in.token.scope": "true" },
    protocolMappers: [
      {
        ...{
          name: "claim",
          protocol: "openid-connect",
          protocolMapper: "oidc-hardcoded-claim-mapper",
        },
        config: { "claim.name": name, "claim.value": "x", "access.token.claim": "true" },
      },
    ],
  });
  if (kind === "default") await admin.clientScopes.addDefaultClientScope({ realm, id });
  else await admin.clientScopes.addDefaultOptionalClientScope({ realm, id });
}

async function moveToOptional(admin: KcAdminClient, realm: string, name: string): Promise<void> {
  const scope = await admin.clientScopes.findOneByName({ realm, name });
  const place = { realm, id: scope?.id ?? "" };
  await admin.clientScopes.delDefaultClientScope(place);
  await admin.clientScopes.addDefaultOptionalClientScope(place);
}

/**
 * Everything that the Admin REST API tells about a realm, in an order that does not depend on Keycloak.
 *
 * @param added client ids and names of client scopes that are left out, with what belongs to them
 */
export async function exportRealm(
  admin: KcAdminClient,
  realm: string,
  added: readonly string[],
): Promise<unknown> {
  const users = await admin.users.find({ realm });
  const all = {
    exported: await admin.realms.export({
      ...{ realm, exportClients: true, exportGroupsAndRoles: true },
    }),
    settings: await admin.realms.findOne({ realm }),
    events: await admin.realms.getConfigEvents({ realm }),
    keys: await admin.realms.getKeys({ realm }),
    components: await admin.components.find({ realm }),
    scopes: await admin.clientScopes.find({ realm }),
    clients: await admin.clients.find({ realm }),
    flows: await admin.authenticationManagement.getFlows({ realm }),
    executions: await admin.authenticationManagement.getExecutions({ realm, flow: "own browser" }),
    users: await Promise.all(
      users.map(async (user) => {
        const place = { realm, id: user.id ?? "" };
        const credentials = await admin.users.getCredentials(place);
        const groups = await admin.users.listGroups(place);
        return { ...user, credentials, groups };
      }),
    ),
  };
  return sorted(all, new Set([...added, ...added.map((id) => `service-account-${id}`)]));
}

function sorted(value: unknown, added: ReadonlySet<string>): unknown {
  if (Array.isArray(value))
    return value
      .filter((item) => !namesOf(item).some((name) => added.has(name)))
      .map((item) => sorted(item, added))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !added.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, inner, sorted(inner, added)] as const)
      // a list of nothing but what was added
      .filter(([, inner, left]) => !(isEmptyList(left) && !isEmptyList(inner)))
      .map(([key, , left]) => [key, left]),
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function namesOf(item: unknown): string[] {
  if (typeof item !== "object" || item === null) return [];
  const { client, clientId, name, username } = item as Record<string, unknown>;
  return [client, clientId, name, username].filter((each) => typeof each === "string");
}
