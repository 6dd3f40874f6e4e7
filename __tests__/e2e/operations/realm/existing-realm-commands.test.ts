import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import {
  adminClient,
  type Login,
  loginVariables,
} from "../../../../operations/keycloak/login/admin.ts";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import type { Clone } from "../../support/projects/clone.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { existingRealmProject } from "../../support/projects/existing-realm-project.ts";
import { administrator, variablesFor } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "existing-commands";

describe("the commands, on an existing realm,", () => {
  let clone: Clone;
  let admin: KcAdminClient;
  let deployer: NodeJS.ProcessEnv;

  beforeAll(async () => {
    const login = administrator(root);
    admin = await adminClient(login);
    const variables = variablesFor(root, login);
    clone = await existingRealmProject(realm, variables);
    await clone.commitEverything();
  });
  afterAll(async () => {
    await admin.realms.del({ realm });
    await clone.remove();
  });

  test.each(["plan", "drift", "start", "bootstrap-deployer"])(
    "%s refuses a realm that does not exist, before anything is done",
    async (script) => {
      const { exitCode, output } = await clone.npmOnTerminal(script, []);
      expect(output).toContain(
        `main.ts declares the realm "${realm}" with "existing: true", but Keycloak at ${root.url} has no such realm; create it there, or correct its name in main.ts; without "existing: true", a deploy creates the realm`,
      );
      expect(exitCode).toBe(3);
    },
  );

  test("report that a login names a realm that does not exist", async () => {
    const { exitCode, output } = await clone.npm("plan", [], { KEYCLOAK_REALM: realm });
    expect(output).toContain(`of the realm "${realm}" (HTTP 404); it has no such realm`);
    expect(exitCode).toBe(3);
  });

  test("create no deployer in place of a client that the realm has already", async () => {
    await admin.realms.create({ realm, enabled: true });
    const { id } = await admin.clients.create({ realm, clientId: "deployer", name: "CD" });
    const { exitCode, output } = await clone.npmOnTerminal("bootstrap-deployer", []);
    expect(output).toContain(
      `the realm "${realm}" has a client "deployer" of its own, which is not named "Deployer", is public or has redirect URIs; rename or delete that client in Keycloak`,
    );
    expect(exitCode).toBe(1);
    await admin.clients.del({ realm, id });
  });

  test("refuse a realm without the client scopes that each customer needs", async () => {
    const scope = await admin.clientScopes.findOneByName({ realm, name: "basic" });
    const place = { realm, id: scope?.id ?? "" };
    await admin.clientScopes.update(place, { ...scope, name: "renamed" });
    const { exitCode, output } = await clone.npm("plan");
    expect(output).toContain(`the realm "${realm}" lacks "basic", a client scope that each`);
    expect(exitCode).toBe(3);
    await admin.clientScopes.update(place, { ...scope, name: "basic" });
  });

  const noEvents = `the realm "${realm}" stores no admin events, and no user events of the types CLIENT_LOGIN and LOGIN`;

  test("create a deployer, and report which events the realm does not store", async () => {
    const { exitCode, output } = await clone.npmOnTerminal("bootstrap-deployer", []);
    expect(output).toContain(noEvents);
    expect(exitCode).toBe(0);
    const clientSecret = /KEYCLOAK_CLIENT_SECRET +(\S+)/.exec(output)?.[1] ?? "";
    const login: Login = { baseUrl: root.url, realm, clientId: "deployer", clientSecret };
    deployer = { ...loginVariables(login), KEYCLOAK_USER: "", KEYCLOAK_PASSWORD: "" };
  });

  test("report it again if a deploy would import something", async () => {
    await admin.clients.create({ realm, clientId: "acme", serviceAccountsEnabled: true });
    const { exitCode, output } = await clone.npm("plan", [], deployer);
    expect(output).toContain(noEvents);
    expect(output).toContain("--allow-new-secret acme");
    expect(exitCode).toBe(1);
    const client = await findClient(admin, realm, "acme");
    await admin.clients.del({ realm, id: client?.id ?? "" });
  });

  test("deploy as the deployer from the first deploy on, and find no drift", async () => {
    const deploy = await clone.npm("deploy", ["--auto-approve"], deployer);
    expect(deploy.output).toContain("Keycloak is as declared");
    expect(deploy.output).not.toContain("stores no");
    expect(deploy.exitCode).toBe(0);
    expect((await clone.npm("drift", [], deployer)).exitCode).toBe(0);
    const start = await clone.npm("start", [], deployer);
    expect(start.output).toContain("token verified");
    expect(start.exitCode).toBe(0);
  });

  test("refuse tokens that live longer than the realm allows, before anything is applied", async () => {
    await clone.edit("customers.yaml", (text) => `${text}    tokenLifespan: 1h\n`);
    expect((await clone.npm("plan", [], deployer)).exitCode).toBe(0);
    await admin.realms.update({ realm }, { clientSessionMaxLifespan: 1_200 });
    // deploy would apply the plan that was saved before
    for (const script of ["deploy", "plan"]) {
      const { exitCode, output } = await clone.npm(script, [], deployer);
      expect(output).toContain(
        `customers.yaml:7:20  customers.acme.tokenLifespan: 1h is more than 20m, the "Client Session Max" of the realm "${realm}"; shorten it, or raise that in Keycloak's "Realm settings", "Sessions"`,
      );
      expect(exitCode).toBe(1);
    }
    const client = await findClient(admin, realm, "acme");
    expect(client?.attributes).not.toHaveProperty(["access.token.lifespan"]);
  });
});
