import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { adminClient, type Login, loginVariables } from "../../../operations/keycloak/admin.ts";
import { findClient } from "../../../operations/keycloak/clients.ts";
import { Clone } from "../support/clone.ts";
import { endToEnd } from "../support/end-to-end.ts";
import { administrator, Workbench } from "../support/workbench.ts";

const { root } = endToEnd();

describe("npm run bootstrap-deployer", () => {
  const realm = "pipeline";
  let clone: Clone;
  let bench: Workbench;
  let login: Login;

  beforeAll(async () => {
    clone = await Clone.create("embedded", {
      ...loginVariables(administrator(root)),
      KEYCLOAK_URL: root.url,
    });
    await clone.useRealm(realm);
    bench = await Workbench.create(root, "embedded", realm, { folder: clone.folder });
    await bench.declare({});
  });
  afterAll(async () => {
    await bench.clear();
    await clone.remove();
  });

  /** The ids of the deployer's service account and of the client whose roles it has. */
  const deployerAccount = async () => {
    const { admin } = bench;
    const deployer = await findClient(admin, realm, "deployer");
    const management = await findClient(admin, realm, "realm-management");
    const account = await admin.clients.getServiceAccountUser({ realm, id: deployer?.id ?? "" });
    return { user: account.id ?? "", management: management?.id ?? "" };
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
    expect(output).toContain(
      "both environments of the pipeline, production-plan and production. Let both allow only the branch main:",
    );
    expect(exitCode).toBe(0);
    login = { baseUrl: root.url, realm, clientId: "deployer", clientSecret };
    await bench.deployAs(login);
    const access = { "atlas-api": ["orders:read"] };
    await bench.declare({ acme: { name: "Acme", contact: "api@acme.example", access } });
    expect(await bench.apply()).toHaveLength(2);
  });

  test("keeps the secret when it runs again, and removes additional roles", async () => {
    const { user, management } = await deployerAccount();
    const place = { realm, id: user, clientUniqueId: management };
    const additional = await bench.admin.clients.findRole({
      realm,
      id: management,
      roleName: "manage-realm",
    });
    const role = { id: additional?.id ?? "", name: "manage-realm" };
    await bench.admin.users.addClientRoleMappings({ ...place, roles: [role] });

    const { output, clientSecret } = await bootstrap();
    expect(output).toContain("exists already and keeps its secret");
    expect(clientSecret).toBe(login.clientSecret);
    const { clientMappings, realmMappings } = await bench.admin.users.listRoleMappings(place);
    const mappings = Object.values(clientMappings ?? {}) as { mappings: { name: string }[] }[];
    expect(mappings.flatMap(({ mappings }) => mappings.map(({ name }) => name)).sort()).toEqual([
      "manage-clients",
      "view-events",
      "view-realm",
    ]);
    expect(realmMappings ?? []).toEqual([]);
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
    await expect(adminClient(login)).rejects.toThrow(
      'refuses the client "deployer" of the realm "pipeline"',
    );
    await adminClient({ ...login, clientSecret });
  });
});
