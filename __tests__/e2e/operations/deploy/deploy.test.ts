import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import {
  customerProblems,
  deployedClient,
} from "../../../../operations/keycloak/customers/customer-clients.ts";
import { requestToken } from "../../../../operations/keycloak/token.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { filesBelow } from "../../support/files.ts";
import { type Customers, Workbench } from "../../support/projects/workbench.ts";

const { root } = endToEnd();

const acme = {
  name: "Acme Corp",
  contact: "api@acme.example",
  access: { "atlas-api": ["orders:read"] },
};
const globex = {
  name: "Globex GmbH",
  contact: "it@globex.example",
  access: { "atlas-api": ["orders:read", "orders:write"] },
};
const constructor = {
  name: "Zoë & Sons, Łódź 株式会社",
  contact: "it@zoe.example",
  access: { "atlas-api": [] },
};
const initial: Customers = { acme, globex, constructor };

describe.each(onProviders())("the %s provider", (provider) => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.create(root, provider);
  });
  afterAll(() => bench.clear());

  const secretOf = async (id: string) =>
    (await deployedClient(bench.admin, "atlas", id))?.secret ?? "";
  const clientOf = async (clientId: string): Promise<ClientRepresentation & { id: string }> => {
    const [client] = await bench.admin.clients.find({ realm: "atlas", clientId });
    return { ...client, id: client?.id ?? "" };
  };
  const tokenOf = async (id: string, scope?: string) =>
    requestToken({
      issuer: bench.issuer,
      clientId: id,
      clientSecret: await secretOf(id),
      ...(scope !== undefined && { scope }),
    });
  const post = async (path: string, form: Record<string, string>) => {
    const response = await fetch(`${bench.issuer}${path}`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    return { status: response.status, body: (await response.json()) as { error?: string } };
  };

  test("creates everything that is declared at the first apply", async () => {
    await bench.declare(initial);
    const planned = await bench.apply();
    expect(planned.every((change) => change.startsWith("create "))).toBe(true);
    expect(planned).toHaveLength(17);
    await bench.deployAsDeployer();
  });

  test("plans no changes after that, as the deployer", async () => {
    expect(await bench.plan()).toEqual([]);
  });

  test.each(Object.entries(initial))("the token of %s is as declared", async (id, customer) => {
    const declared = { enabled: true, ...customer };
    expect(await customerProblems(bench.admin, "atlas", bench.issuer, id, declared)).toEqual([]);
  });

  test("a customer's client can use only client credentials, and has exactly its scopes", async () => {
    const client = await clientOf("acme");
    expect(client).toMatchObject({
      name: "Acme Corp",
      attributes: { contact: "api@acme.example" },
      publicClient: false,
      standardFlowEnabled: false,
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      serviceAccountsEnabled: true,
      fullScopeAllowed: false,
      optionalClientScopes: [],
    });
    expect(client.attributes?.["oauth2.device.authorization.grant.enabled"]).not.toBe("true");
    expect(client.defaultClientScopes?.sort()).toEqual([
      "atlas-api-audience",
      "basic",
      "orders:read",
      "service_account",
    ]);
    expect((await clientOf("constructor")).name).toBe("Zoë & Sons, Łódź 株式会社");
  });

  test("a new customer at the top of the file adds exactly its two resources", async () => {
    await bench.declare({ aaa: acme, ...initial });
    expect(await bench.apply()).toEqual([
      expect.stringMatching(/^create keycloak_openid_client\.customers_aaa_\w+$/),
      expect.stringMatching(/^create keycloak_openid_client_default_scopes\.customers_aaa_\w+/),
    ]);
    expect(await tokenOf("aaa")).toHaveProperty("token");
  });

  test("a removed customer deletes exactly its two resources, and its app gets no token", async () => {
    const clientSecret = await secretOf("aaa");
    await bench.declare(initial);
    expect(await bench.apply()).toEqual([
      expect.stringMatching(/^delete keycloak_openid_client\.customers_aaa_\w+$/),
      expect.stringMatching(/^delete keycloak_openid_client_default_scopes\.customers_aaa_\w+/),
    ]);
    expect(await requestToken({ issuer: bench.issuer, clientId: "aaa", clientSecret })).toEqual({
      error: "invalid_client",
    });
  });

  test("a suspended customer gets no token, and keeps its secret when it is resumed", async () => {
    const before = await secretOf("acme");
    const change = [expect.stringMatching(/^update keycloak_openid_client\.customers_acme_\w+$/)];
    await bench.declare({ ...initial, acme: { ...acme, enabled: false } });
    expect(await bench.apply()).toEqual(change);
    expect(await tokenOf("acme")).toHaveProperty("error");
    await bench.declare(initial);
    expect(await bench.apply()).toEqual(change);
    expect(await secretOf("acme")).toBe(before);
    expect(await tokenOf("acme")).toHaveProperty("token");
  });

  test("a renamed customer keeps its client, its secret and its scopes, also once the line is gone", async () => {
    const before = await clientOf("globex");
    const renamed = (to: string, line: object) =>
      bench.declare({ acme, constructor, [to]: { ...globex, ...line } });
    const change = (to: string) => [
      expect.stringMatching(new RegExp(`^update keycloak_openid_client\\.customers_${to}_\\w+$`)),
    ];
    await renamed("globex-eu", { renamedFrom: "globex" });
    expect(await bench.apply()).toEqual(change("globex-eu"));
    const { id, secret, defaultClientScopes } = before;
    expect(await clientOf("globex-eu")).toMatchObject({ id, secret, defaultClientScopes });
    expect(await tokenOf("globex-eu", "orders:write")).toHaveProperty("token");
    expect(await bench.plan()).toEqual([]);
    await renamed("globex-eu", {});
    expect(await bench.plan()).toEqual([]);
    await renamed("globex", { renamedFrom: "globex-eu" });
    expect(await bench.apply()).toEqual(change("globex"));
    expect(await secretOf("globex")).toBe(secret);
  });

  test("a previous id that no state has makes no difference", async () => {
    await bench.declare({ ...initial, globex: { ...globex, renamedFrom: "never-deployed" } });
    expect(await bench.plan()).toEqual([]);
  });

  test("a removed permission is missing from the next token", async () => {
    await bench.declare({ ...initial, globex: { ...globex, access: acme.access } });
    expect(await bench.apply()).toEqual([
      expect.stringMatching(/^update keycloak_openid_client_default_scopes\.customers_globex_\w+/),
    ]);
    expect(
      await customerProblems(bench.admin, "atlas", bench.issuer, "globex", {
        ...acme,
        enabled: true,
      }),
    ).toEqual([]);
    await bench.declare(initial);
    await bench.apply();
  });

  test("repairs exactly the drift that was made by hand", async () => {
    const before = await secretOf("acme");
    const [client, other] = [await clientOf("acme"), await clientOf("globex")];
    const scopes = await bench.admin.clientScopes.find({ realm: "atlas" });
    const scope = scopes.find(({ name }) => name === "orders:write");
    await bench.admin.clients.update(
      { realm: "atlas", id: client.id },
      {
        ...client,
        directAccessGrantsEnabled: true,
        attributes: { ...client.attributes, contact: "evil@example.com" },
      },
    );
    await bench.admin.clients.delDefaultClientScope({
      realm: "atlas",
      id: other.id,
      clientScopeId: scope?.id ?? "",
    });
    expect(await bench.apply()).toEqual([
      expect.stringMatching(/^update keycloak_openid_client\.customers_acme_\w+$/),
      expect.stringMatching(/^update keycloak_openid_client_default_scopes\.customers_globex_\w+/),
    ]);
    expect(await clientOf("acme")).toMatchObject({
      directAccessGrantsEnabled: false,
      attributes: { contact: "api@acme.example" },
    });
    expect((await clientOf("globex")).defaultClientScopes).toContain("orders:write");
    expect(await secretOf("acme")).toBe(before);
    expect(await bench.plan()).toEqual([]);
  });

  test("removes a scope that was added to a customer's client by hand", async () => {
    const client = await clientOf("acme");
    const [email] = (await bench.admin.clientScopes.find({ realm: "atlas" })).filter(
      ({ name }) => name === "email",
    );
    const place = { realm: "atlas", id: client.id, clientScopeId: email?.id ?? "" };
    await bench.admin.clients.addDefaultClientScope(place);
    expect(await bench.apply()).toHaveLength(1);
    expect((await clientOf("acme")).defaultClientScopes).not.toContain("email");
  });

  test("refuses to destroy the realm", async () => {
    const target = "-target=keycloak_realm.realm";
    const { exitCode, output } = await bench.terraform("plan", "-destroy", target);
    expect(exitCode).toBe(1);
    // Terraform: "Instance cannot be destroyed", OpenTofu: "Resource instance cannot be destroyed"
    expect(output).toMatch(/[Ii]nstance cannot be destroyed/);
  });

  test("Keycloak refuses a wrong secret", async () => {
    const request = { issuer: bench.issuer, clientId: "acme", clientSecret: "wrong" };
    expect(await requestToken(request)).toEqual({ error: "unauthorized_client" });
  });

  test("Keycloak refuses a customer's client the password grant", async () => {
    const form = {
      grant_type: "password",
      client_id: "acme",
      client_secret: await secretOf("acme"),
      username: "somebody",
      password: "something",
    };
    expect(await post("/protocol/openid-connect/token", form)).toEqual({
      status: 400,
      body: expect.objectContaining({ error: "unauthorized_client" }),
    });
  });

  test("Keycloak refuses a customer's client the device flow", async () => {
    const form = { client_id: "acme", client_secret: await secretOf("acme") };
    const { status, body } = await post("/protocol/openid-connect/auth/device", form);
    expect({ status, error: body.error }).toEqual({ status: 400, error: "unauthorized_client" });
  });

  test("Keycloak refuses a customer's client the authorization code flow", async () => {
    const query = new URLSearchParams({
      client_id: "acme",
      response_type: "code",
      redirect_uri: "http://localhost:5173/",
    });
    const url = `${bench.issuer}/protocol/openid-connect/auth?${query.toString()}`;
    const response = await fetch(url, { redirect: "manual" });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('type="password"');
  });

  test.each(["offline_access", "orders:write", "profile", "atlas-api-audience-x"])(
    "a customer that requests %s, which it does not have, gets no token",
    async (scope) => {
      expect(await tokenOf("acme", scope)).toEqual({ error: "invalid_scope" });
    },
  );

  test("imports a client that was created by hand, and gives it a new secret", async () => {
    const made = await bench.admin.clients.create({
      realm: "atlas",
      clientId: "old",
      secret: "known-to-many",
    });
    await bench.declare({ ...initial, old: globex });
    const [address] = (await bench.plan()).filter((change) =>
      change.includes(" keycloak_openid_client."),
    );
    const imported = await bench.terraform(
      "import",
      address?.split(" ")[1] ?? "",
      `atlas/${made.id}`,
    );
    expect(imported.output).toContain("Import successful");
    expect(await bench.apply()).toEqual([
      expect.stringMatching(/^create keycloak_openid_client_default_scopes\.customers_old_\w+/),
      expect.stringMatching(/^update keycloak_openid_client\.customers_old_\w+$/),
    ]);
    expect((await clientOf("old")).id).toBe(made.id);
    expect(await secretOf("old")).not.toBe("known-to-many");
    const declared = { ...globex, enabled: true };
    expect(await customerProblems(bench.admin, "atlas", bench.issuer, "old", declared)).toEqual([]);
    expect(await bench.plan()).toEqual([]);
  });

  test("leaves no secret of Keycloak in a file or an output", async () => {
    const clients = await bench.admin.clients.find({ realm: "atlas" });
    const secrets = clients.flatMap(({ secret }) => secret ?? []);
    expect(secrets.length).toBeGreaterThanOrEqual(5);
    const texts = [
      ...bench.outputs,
      ...(await filesBelow(bench.folder)),
      ...(await filesBelow(".")),
    ];
    for (const secret of secrets) {
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    }
  });
});
