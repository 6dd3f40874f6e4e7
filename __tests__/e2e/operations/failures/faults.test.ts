import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { loginVariables } from "../../../../operations/keycloak/login/admin.ts";
import { customerProblems } from "../../../../operations/keycloak/customers/customer-clients.ts";
import { ensureDeployer } from "../../../../operations/keycloak/deployer/deployer.ts";
import { issuerOf } from "../../../../operations/keycloak/token.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import {
  nextDeployCompletes,
  createsClient,
  GatedProject,
  isWrite,
  onFirst,
  secretsAreKept,
} from "../../support/projects/gated-project.ts";
import type { Passing, Rules } from "../../examples/support/gateway.ts";
import { StateServer } from "../../support/servers/state-server.ts";

const { root } = endToEnd();
const realm = "faults";
const access = { "atlas-api": ["orders:read"] };

let state: StateServer;
let project: GatedProject;

beforeAll(async () => {
  state = await StateServer.open();
  project = await GatedProject.create(root, realm, state.declared);
});

afterEach(() => {
  project.gateway.rules = {};
});

afterAll(async () => {
  await project.admin.realms.del({ realm });
  await project.remove();
  await state.close();
});

/** Deploys another customer while a gateway's rules make that hard, and expects that one deploy is enough. */
async function oneDeployIsEnough(id: string, rules: Rules, variables: NodeJS.ProcessEnv = {}) {
  const before = await project.secrets();
  await project.add(id);
  project.gateway.rules = rules;
  const { exitCode, output } = await project.clone.npm("deploy", ["--auto-approve"], variables);
  project.gateway.rules = {};
  // so the deploy before has left nothing
  expect(output).toContain("Plan: 2 to add, 0 to change, 0 to destroy.");
  expect(exitCode).toBe(0);
  const { admin } = project;
  const declared = { name: id, contact: `api@${id}.example`, enabled: true, access };
  expect(await customerProblems(admin, realm, issuerOf(root.url, realm), id, declared)).toEqual([]);
  await secretsAreKept(project, before);
  return output;
}

test("deploys the realm if nothing fails", async () => {
  const { exitCode, output } = await project.deploy();
  expect(output).toMatch(/Keycloak is as declared$/);
  expect(exitCode).toBe(0);
});

describe("a deploy to a Keycloak that is unavailable for a moment", () => {
  const listsClients = ({ method, path }: Passing) =>
    method === "GET" && /\/clients\/?\?.*clientId=/.test(path);

  test.each([
    [503, "while a client is created", "unavailable-503", createsClient],
    [401, "while a client is created", "unavailable-401", createsClient],
    [503, "while existing clients are looked up", "unavailable-early", listsClients],
  ])("is completed after HTTP %i %s", async (status, _, id, begins) => {
    let until = 0;
    const output = await oneDeployIsEnough(id, {
      before: (passing) => {
        if (begins(passing) && until === 0) until = Date.now() + 4_000;
        return Date.now() < until ? status : undefined;
      },
    });
    expect(output).toContain("Keycloak does not answer as expected");
  });

  test("is completed without duplicates after a request that is never answered", async () => {
    const rules = { after: onFirst(createsClient, () => new Promise(() => undefined)) };
    const variables = { KEYCLOAK_CLIENT_TIMEOUT: "3" };
    const output = await oneDeployIsEnough("unanswered", rules, variables);
    expect(output).toContain("Keycloak does not answer as expected");
  });
});

test("completes a deploy to a very slow Keycloak", async () => {
  const output = await oneDeployIsEnough("slow", { before: () => sleep(700, undefined) });
  expect(output).toMatch(/create keycloak_openid_client\.customers_slow/);
});

test("lists what is applied and what is not if Keycloak refuses a request", async () => {
  const before = await project.secrets();
  await project.add("refused");
  project.gateway.rules = {
    before: (passing) => (isWrite("PUT", /default-client-scopes/)(passing) ? 400 : undefined),
  };
  const { exitCode, output } = await project.deploy();
  expect(output).toMatch(/applied:\n {2}create keycloak_openid_client\.customers_refused/);
  expect(output).toMatch(
    /not applied:\n {2}create keycloak_openid_client_default_scopes\.customers_refused/,
  );
  expect(exitCode).toBe(1);
  await nextDeployCompletes(project, before);
});

test("lists what is not applied if the login is revoked, and completes it with a new login", async () => {
  const { admin } = project;
  const before = await project.secrets();
  const { clientSecret } = await ensureDeployer(admin, realm);
  const login = { baseUrl: root.url, realm, clientId: "deployer", clientSecret };
  const deploy = (secret: string) =>
    project.clone.npm(
      "deploy",
      ["--auto-approve"],
      loginVariables({ ...login, clientSecret: secret }),
    );
  await project.add("revoked");
  let renewed = "";
  project.gateway.rules = {
    after: onFirst(createsClient, async () => {
      ({ clientSecret: renewed } = await ensureDeployer(admin, realm, { rotate: true }));
      await admin.realms.update({ realm }, { notBefore: Math.ceil(Date.now() / 1_000) });
    }),
  };
  const { exitCode, output } = await deploy(clientSecret);
  expect(output).toContain('refuses the client "deployer" of the realm "faults" (HTTP 401)');
  expect(output).toMatch(
    /\nnot applied:\n[^]* {2}create keycloak_openid_client_default_scopes\.customers_revoked/,
  );
  expect(output).not.toMatch(/\n\s+at /);
  expect(exitCode).toBe(3);
  expect((await deploy(renewed)).exitCode).toBe(0);
  await secretsAreKept(project, before);
  expect(await project.secrets()).toHaveProperty("revoked");
});

test("prints the command that releases the lock of a killed deploy", async () => {
  const before = await project.secrets();
  await project.add("locked");
  project.gateway.rules = { after: onFirst(createsClient, () => project.killTerraform()) };
  expect(await project.deploy()).toMatchObject({ exitCode: 1 });
  const variables = { TF_CLI_ARGS_plan: "-lock-timeout=1s" };
  const { exitCode, output } = await project.clone.npm("deploy", ["--auto-approve"], variables);
  expect(output).toContain("Error acquiring the state lock");
  expect(output).toContain("if you are sure that it was killed, run");
  expect(exitCode).toBe(3);
  const [, script = "", id = ""] = /^ {2}npm run (\w+) -- ([0-9a-f-]+)$/m.exec(output) ?? [];
  expect(await project.clone.npm(script, [id])).toMatchObject({
    exitCode: 0,
    stdout: "the state is unlocked",
  });
  await nextDeployCompletes(project, before);
});

test("neither an enabled client nor a proxy's failure counts as suspended", async () => {
  const declared = { name: "revoked", contact: "api@revoked.example", access };
  const problemsIf = (enabled: boolean) =>
    customerProblems(project.admin, realm, issuerOf(project.gateway.url, realm), "revoked", {
      ...declared,
      enabled,
    });
  project.gateway.rules = { before: ({ path }) => (path.endsWith("/token") ? 502 : undefined) };
  expect(await problemsIf(false)).toEqual(["is enabled although it is suspended"]);
  expect(await problemsIf(true)).toEqual(["gets no token: HTTP 502"]);
});

test("has nothing left to change after all these faults", async () => {
  expect((await project.deploy()).output).toContain("Keycloak is as declared: nothing to change");
});
