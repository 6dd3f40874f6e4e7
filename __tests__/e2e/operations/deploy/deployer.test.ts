import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type MappingsRepresentation from "@keycloak/keycloak-admin-client/lib/defs/mappingsRepresentation.js";
import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import { decodeJwt } from "jose";
import { adminClient, type Login } from "../../../../operations/keycloak/login/admin.ts";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import { Clone } from "../../support/projects/clone.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { Workbench, variablesFor } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const deployerRoles = ["manage-clients", "view-events", "view-realm"];

/** Claims of a token that name roles. */
interface Roles {
  readonly realm_access?: unknown;
  readonly resource_access?: Readonly<Record<string, { readonly roles: string[] }>>;
}

/** The names of mapped roles, by client and of the realm. */
function namesIn({ realmMappings = [], clientMappings = {} }: MappingsRepresentation) {
  const names = (roles: readonly RoleRepresentation[]) => roles.map(({ name }) => name).sort();
  const mapped = Object.entries(
    clientMappings as Record<string, { mappings: RoleRepresentation[] }>,
  );
  return {
    clients: Object.fromEntries(mapped.map(([client, { mappings }]) => [client, names(mappings)])),
    realm: names(realmMappings),
  };
}

describe("npm run bootstrap-deployer", () => {
  const realm = "pipeline";
  let clone: Clone;
  let bench: Workbench;
  let login: Login;

  beforeAll(async () => {
    clone = await Clone.create("embedded", variablesFor(root));
    await clone.useRealm(realm);
    bench = await Workbench.create(root, "embedded", realm, { folder: clone.folder });
    await bench.declare({});
  });
  afterAll(async () => {
    await bench.clear();
    await clone.remove();
  });

  /** The ids of the deployer, of its service account and of the client whose roles it has. */
  const deployerAccount = async () => {
    const { admin } = bench;
    const deployer = await findClient(admin, realm, "deployer");
    const management = await findClient(admin, realm, "realm-management");
    const account = await admin.clients.getServiceAccountUser({ realm, id: deployer?.id ?? "" });
    return {
      ...{ deployer: deployer?.id ?? "", user: account.id ?? "" },
      management: management?.id ?? "",
    };
  };

  const bootstrap = async (...args: string[]) => {
    const { exitCode, output } = await clone.npmOnTerminal("bootstrap-deployer", args);
    const clientSecret = /KEYCLOAK_CLIENT_SECRET +(\S+)/.exec(output)?.[1] ?? "";
    return { exitCode, output, clientSecret };
  };

  test("refuses a realm that does not exist yet", async () => {
    const { exitCode, output } = await bootstrap();
    expect(output).toContain(
      'the realm "pipeline" does not exist yet; deploy it as the administrator first',
    );
    expect(exitCode).toBe(1);
    await bench.apply();
  });

  test("shows credentials that are enough for everyday changes", async () => {
    const { exitCode, output, clientSecret } = await bootstrap();
    expect(output).toContain('the deployer of "pipeline" is created');
    expect(output).toMatch(/KEYCLOAK_REALM +pipeline/);
    expect(output).toMatch(
      /the deployer-reader of "pipeline" is created; for the environment production-plan:/,
    );
    expect(output).toContain(
      "both environments of the pipeline, production-plan and production, allow only the branch main:",
    );
    expect(exitCode).toBe(0);
    login = { baseUrl: root.url, realm, clientId: "deployer", clientSecret };
    await bench.deployAs(login);
    const access = { "atlas-api": ["orders:read"] };
    await bench.declare({ acme: { name: "Acme", contact: "api@acme.example", access } });
    expect(await bench.apply()).toHaveLength(2);
  });

  test("keeps the secret when it runs again, and corrects an older deployer with more roles", async () => {
    const { deployer, user, management } = await deployerAccount();
    const { clients, users } = bench.admin;
    const found = await clients.findRole({ realm, id: management, roleName: "manage-realm" });
    const roles = [{ id: found?.id ?? "", name: "manage-realm" }];
    await users.addClientRoleMappings({ realm, id: user, clientUniqueId: management, roles });
    await clients.addClientScopeMappings({ realm, id: deployer, client: management }, roles);
    await clients.update({ realm, id: deployer }, { clientId: "deployer", fullScopeAllowed: true });

    const { output, clientSecret } = await bootstrap();
    expect(output).toContain("exists already and keeps its secret");
    expect(clientSecret).toBe(login.clientSecret);
    const exactly = { clients: { "realm-management": deployerRoles }, realm: [] };
    expect(namesIn(await users.listRoleMappings({ realm, id: user }))).toEqual(exactly);
    expect(namesIn(await clients.listScopeMappings({ realm, id: deployer }))).toEqual(exactly);
    expect(await clients.findOne({ realm, id: deployer })).toHaveProperty(
      "fullScopeAllowed",
      false,
    );
  });

  test("creates a deployer that cannot use other roles, even if its service account gets them", async () => {
    const { deployer, user, management } = await deployerAccount();
    const { clients, clientScopes, users } = bench.admin;
    const all = await clients.listRoles({ realm, id: management });
    const roles = all.map(({ id = "", name = "" }) => ({ id, name }));
    await users.addClientRoleMappings({ realm, id: user, clientUniqueId: management, roles });
    // a realm of Keycloak's own defaults puts this scope, which adds roles to tokens, into every client
    const scopes = await clientScopes.find({ realm });
    const clientScopeId = scopes.find(({ name }) => name === "roles")?.id ?? "";
    await clients.addDefaultClientScope({ realm, id: deployer, clientScopeId });

    const admin = await adminClient(login);
    const { realm_access, resource_access } = decodeJwt<Roles>(admin.accessToken ?? "");
    const named = Object.entries(resource_access ?? {});
    expect(named.map(([client, held]) => [client, held.roles.sort()])).toEqual([
      ["realm-management", deployerRoles],
    ]);
    expect(realm_access).toBeUndefined();
    await expect(admin.realms.update({ realm }, { displayName: "Eve's" })).rejects.toThrow("403");
    await bootstrap();
  });

  test("cannot read Keycloak's version, which an administrator can", async () => {
    const version = async ({ serverInfo }: KcAdminClient) =>
      (await serverInfo.find()).systemInfo?.version;
    expect(await version(await adminClient(login))).toBeUndefined();
    expect(await version(bench.admin)).toMatch(/^\d+\.\d+\.\d+/);
  });

  test("creates a deployer that can neither import nor access users, the realm, its own roles or other realms", async () => {
    const { accessToken = "" } = await adminClient(login);
    const { user, management } = await deployerAccount();
    const mine = `${realm}/users/${user}/role-mappings/clients/${management}`;
    const attempts: [string, string, unknown?][] = [
      ["GET", `${realm}/users`],
      ["POST", `${realm}/users`, { username: "eve" }],
      ["POST", mine, []],
      ["PUT", realm, { realm, displayName: "Eve's" }],
      ["DELETE", realm],
      ["POST", "", { realm: "eve" }],
      ["GET", "master/clients"],
      ["PUT", "master", { realm: "master", displayName: "Eve's" }],
      ["DELETE", "master"],
      [
        "POST",
        `${realm}/partialImport`,
        { ifResourceExists: "SKIP", users: [{ username: "eve" }] },
      ],
    ];
    for (const [method, path, body] of attempts) {
      const response = await fetch(`${root.url}/admin/realms/${path}`, {
        method,
        headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      expect(`${method} ${path} ${response.status}`).toBe(`${method} ${path} 403`);
    }
  });

  test("replaces the secret with --rotate, so that the old one stops working", async () => {
    const { output, clientSecret } = await bootstrap("--rotate");
    expect(output).toContain("has a new secret");
    expect(clientSecret).not.toBe(login.clientSecret);
    // a copy of it has no token yet
    await expect(adminClient({ ...login })).rejects.toThrow(
      'refuses the client "deployer" of the realm "pipeline"',
    );
    await adminClient({ ...login, clientSecret });
  });
});
