import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { adminClient, type Login, loginVariables } from "../../keycloak/admin.ts";
import { checkout } from "../../local/folders.ts";
import { endToEnd } from "./support/end-to-end.ts";
import { administrator, Workbench } from "./support/workbench.ts";

const { root } = endToEnd();

describe("npm run bootstrap-deployer", () => {
  let bench: Workbench;
  let login: Login;

  beforeAll(async () => {
    bench = await Workbench.create(root, "embedded");
    await bench.declare({});
  });
  afterAll(() => bench.clear());

  const bootstrap = async (...args: string[]) => {
    const terminal = join(import.meta.dirname, "support/terminal.py");
    const command = [process.execPath, "--import", "tsx", "cli/bootstrap-deployer.ts", ...args];
    const { exitCode, stdout } = await execa("python3", [terminal, ...command], {
      cwd: checkout,
      env: { ...loginVariables(administrator(root)), KEYCLOAK_URL: root.url },
      stdin: "ignore",
      reject: false,
    });
    const clientSecret = /KEYCLOAK_CLIENT_SECRET +(\S+)/.exec(stdout)?.[1] ?? "";
    return { exitCode, output: stdout, clientSecret };
  };

  test("says that the realm comes first", async () => {
    const { exitCode, output } = await bootstrap();
    expect(output).toContain(
      'the realm "atlas" is not there yet; deploy it as the administrator first',
    );
    expect(exitCode).toBe(1);
    await bench.apply();
  });

  test("shows what the pipeline needs, which is enough for everyday changes", async () => {
    const { exitCode, output, clientSecret } = await bootstrap();
    expect(output).toContain('the deployer of "atlas" is made');
    expect(output).toMatch(/KEYCLOAK_REALM +atlas/);
    expect(exitCode).toBe(0);
    login = { baseUrl: root.url, realm: "atlas", clientId: "deployer", clientSecret };
    await bench.deployAs(login);
    const access = { "atlas-api": ["orders:read"] };
    await bench.declare({ acme: { name: "Acme", contact: "api@acme.example", access } });
    expect(await bench.apply()).toHaveLength(2);
  });

  test("changes nothing when it runs again, and takes roles that are too many", async () => {
    const [deployer] = await bench.admin.clients.find({ realm: "atlas", clientId: "deployer" });
    const [management] = await bench.admin.clients.find({
      realm: "atlas",
      clientId: "realm-management",
    });
    const user = await bench.admin.clients.getServiceAccountUser({
      realm: "atlas",
      id: deployer?.id ?? "",
    });
    const place = { realm: "atlas", id: user.id ?? "", clientUniqueId: management?.id ?? "" };
    const tooMuch = await bench.admin.clients.findRole({
      realm: "atlas",
      id: management?.id ?? "",
      roleName: "manage-realm",
    });
    const role = { id: tooMuch?.id ?? "", name: "manage-realm" };
    await bench.admin.users.addClientRoleMappings({ ...place, roles: [role] });

    const { output, clientSecret } = await bootstrap();
    expect(output).toContain("is there already, with the secret that it had");
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

  test("cannot read or change users, the realm, its own roles, other realms, or import", async () => {
    const { accessToken = "" } = await adminClient(login);
    const [deployer] = await bench.admin.clients.find({ realm: "atlas", clientId: "deployer" });
    const [management] = await bench.admin.clients.find({
      realm: "atlas",
      clientId: "realm-management",
    });
    const user = await bench.admin.clients.getServiceAccountUser({
      realm: "atlas",
      id: deployer?.id ?? "",
    });
    const mine = `atlas/users/${user.id ?? ""}/role-mappings/clients/${management?.id ?? ""}`;
    const attempts: [string, string, unknown?][] = [
      ["GET", "atlas/users"],
      ["POST", "atlas/users", { username: "eve" }],
      ["POST", mine, []],
      ["PUT", "atlas", { realm: "atlas", displayName: "Eve's" }],
      ["DELETE", "atlas"],
      ["POST", "", { realm: "eve" }],
      ["GET", "master/clients"],
      ["PUT", "master", { realm: "master", displayName: "Eve's" }],
      ["DELETE", "master"],
      ["POST", "atlas/partialImport", { ifResourceExists: "SKIP", users: [{ username: "eve" }] }],
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

  test("--rotate gives it a new secret, and ends the old one", async () => {
    const { output, clientSecret } = await bootstrap("--rotate");
    expect(output).toContain("has a new secret");
    expect(clientSecret).not.toBe(login.clientSecret);
    await expect(adminClient(login)).rejects.toThrow(
      'refuses the client "deployer" of the realm "atlas"',
    );
    await adminClient({ ...login, clientSecret });
  });
});
