import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type { JWTPayload } from "jose";
import { adminClient, loginFrom } from "../../../../operations/keycloak/login/admin.ts";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import { deployedClient } from "../../../../operations/keycloak/customers/customer-clients.ts";
import { issuerOf } from "../../../../operations/keycloak/token.ts";
import { Clone } from "../../support/projects/clone.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { filesBelow } from "../../support/files.ts";
import { TokenIssuer } from "../../support/servers/token-issuer.ts";
import { administrator, variablesFor } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "federated";
const audience = issuerOf(root.url, realm);
const subject = "repo:owner/repo:environment:production";

const entry = (id: string) => `  ${id}:
    name: ${id}
    contact: api@${id}.example
    access:
      atlas-api: [orders:read]
    expires: 2027-06-30
`;

describe("a pipeline without a secret", () => {
  let issuer: TokenIssuer;
  let clone: Clone;
  let admin: KcAdminClient;
  let oldSecret: string;

  beforeAll(async () => {
    issuer = await TokenIssuer.create();
    admin = await adminClient(administrator(root));
    clone = await Clone.create("embedded", variablesFor(root));
    await clone.useRealm(realm);
    await clone.commitEverything();
    await clone.npm("deploy", ["--auto-approve"]);
    const { output } = await clone.npmOnTerminal("bootstrap-deployer", []);
    oldSecret = /KEYCLOAK_CLIENT_SECRET +(\S+)/.exec(output)?.[1] ?? "";
  });
  afterAll(async () => {
    if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
    await clone.remove();
    await issuer.stop();
  });

  /** Variables of a job that logs in with a token in a file. */
  const jobWith = async (clientId: string, token: string): Promise<NodeJS.ProcessEnv> => {
    const file = join(clone.temporaryFolder, "token");
    await writeFile(file, token, { mode: 0o600 });
    return {
      ...{ KEYCLOAK_USER: "", KEYCLOAK_PASSWORD: "", KEYCLOAK_REALM: realm },
      ...{ KEYCLOAK_CLIENT_ID: clientId, KEYCLOAK_JWT_TOKEN_FILE: file },
    };
  };
  /** Logs in as the deployer with a token of these claims. */
  const logIn = async (claims: JWTPayload, clientId = "deployer") => {
    const token = await issuer.sign({ sub: subject, aud: audience, ...claims });
    const login = loginFrom(root.url, await jobWith(clientId, token));
    if (!login) throw new Error("no login");
    return adminClient(login);
  };
  const addCustomer = async (id: string) => {
    await clone.edit("customers.yaml", (text) => text + entry(id));
    await clone.git("commit", "--quiet", "--all", "--message", `Add ${id}`);
  };

  test("is set up by the issuer's address and two subjects, and the old secret ends", async () => {
    const { output, exitCode } = await clone.npm("bootstrap-deployer", [
      ...["--issuer", issuer.url, "--subject", subject, "--reader-subject", `${subject}-plan`],
    ]);
    expect(output).toMatch(/the deployer of "federated" logs in with tokens and has no secret/);
    expect(output).not.toContain("KEYCLOAK_CLIENT_SECRET");
    expect(exitCode).toBe(0);
    const secret = { baseUrl: root.url, realm, clientId: "deployer", clientSecret: oldSecret };
    await expect(adminClient(secret)).rejects.toThrow('refuses the client "deployer"');
    const client = await findClient(admin, realm, "deployer");
    expect(client?.secret).not.toBe(oldSecret);
  });

  test.each([
    ["another repository", { sub: "repo:owner/other:environment:production" }],
    ["another environment", { sub: "repo:owner/repo:environment:staging" }],
    ["a branch", { sub: "repo:owner/repo:ref:refs/heads/main" }],
    ["another audience", { aud: "https://github.com/owner" }],
    ["a second audience", { aud: [audience, "https://github.com/owner"] }],
    ["another issuer", { iss: "https://token.actions.githubusercontent.com" }],
  ])("refuses a token of %s", async (_, claims) => {
    await expect(logIn(claims)).rejects.toThrow('refuses the client "deployer"');
  });

  test("refuses an expired token and one that was used, and shows neither", async () => {
    const now = Math.floor(Date.now() / 1_000);
    await expect(logIn({ exp: now - 120, iat: now - 400 })).rejects.toThrow(/expired at/);
    const used = await issuer.sign({ sub: subject, aud: audience });
    const variables = await jobWith("deployer", used);
    expect((await clone.npm("drift", [], variables)).exitCode).toBe(0);
    const again = await clone.npm("drift", [], variables);
    expect(again.output).toContain(`for the subject "${subject}"`);
    expect(again.output).toContain("works only once");
    expect(again.exitCode).toBe(3);
  });

  test("plans as the reader, which can change nothing", async () => {
    const reader = await logIn({ sub: `${subject}-plan` }, "deployer-reader");
    const id = (await findClient(reader, realm, "acme"))?.id ?? "";
    expect(id).not.toBe("");
    await expect(reader.clients.update({ realm, id }, { clientId: "acme" })).rejects.toThrow();
    await expect(reader.clients.generateNewClientSecret({ realm, id })).rejects.toThrow();
    await expect(reader.users.find({ realm })).rejects.toThrow();
  });

  test.each(onProviders())(
    "plans and deploys with one token each, on the %s provider",
    async (ATLAS_PROVIDER) => {
      await addCustomer(ATLAS_PROVIDER);
      const forReader = await issuer.sign({ sub: `${subject}-plan`, aud: audience });
      const plan = await clone.npm("plan", [], {
        ...(await jobWith("deployer-reader", forReader)),
        ATLAS_PROVIDER,
      });
      expect(plan.output).toContain("Plan: 2 to add, 0 to change, 0 to destroy.");
      expect(plan.exitCode).toBe(0);
      issuer.subject = subject;
      const deploy = await clone.npm("with-ci-token", ["node", "system/run.mjs", "cli/deploy.ts"], {
        ...(await jobWith("deployer", "")),
        ...issuer.jobVariables,
        ATLAS_PROVIDER,
      });
      expect(deploy.output).toContain("apply: 2 to add, 0 to change, 0 to destroy");
      expect(deploy.exitCode).toBe(0);
      expect((await deployedClient(admin, realm, ATLAS_PROVIDER))?.enabled).toBe(true);
    },
  );

  test("suspends a customer by deploying the deployed commit once more after its last day", async () => {
    const options = ["--auto-approve", "--only-expired", "--base", "HEAD"];
    const isEnabled = async () => (await deployedClient(admin, realm, "embedded"))?.enabled;
    const onLastDay = await clone.npm("deploy", options, { TODAY: "2027-06-30" });
    expect(onLastDay.output).toContain("Keycloak is as declared: nothing to change");
    expect(await isEnabled()).toBe(true);
    const afterwards = await clone.npm("deploy", options, { TODAY: "2027-07-01" });
    expect(afterwards.output).toContain("update keycloak_openid_client.customers_embedded");
    expect(afterwards.exitCode).toBe(0);
    expect(await isEnabled()).toBe(false);
  });

  describe("whose issuer main.ts trusts for customers, too", () => {
    const federated = (id: string, tokensSubject: string) =>
      `${entry(id)}    auth: { method: federated_jwt, issuer: ci, subject: "${tokensSubject}" }\n`;
    const bootstrap = (deployersSubject: string) =>
      clone.npm("bootstrap-deployer", ["--issuer", issuer.url, "--subject", deployersSubject]);

    beforeAll(async () => {
      const keys = JSON.stringify({ issuer: issuer.url, jwksUrl: `${issuer.url}/keys` });
      const library =
        'import { TrustedIssuer } from "./constructs/authentication/trusted-issuer.ts";';
      await clone.edit("main.ts", (text) =>
        `${library}\n${text}`.replace(
          "const customers =",
          `new TrustedIssuer(atlas, "ci", ${keys});\n$&`,
        ),
      );
      await clone.edit("customers.yaml", (text) => text + federated("neighbour", "job-1"));
      await clone.commitEverything();
      // Keycloak takes an issuer once
      await admin.identityProviders.del({ realm, alias: "pipeline" });
      await clone.npm("deploy", ["--auto-approve"]);
    });

    test("refuses the subject of a customer, which would get no more tokens", async () => {
      const { output, exitCode } = await bootstrap("job-1");
      expect(output).toContain('the client "neighbour" has the subject "job-1" already');
      expect(exitCode).toBe(1);
      expect((await bootstrap(subject)).exitCode).toBe(0);
      await expect(logIn({})).resolves.toBeDefined();
    });

    test("refuses a customer with its subject before anything is applied", async () => {
      await clone.edit("customers.yaml", (text) => text + federated("intruder", subject));
      await clone.commitEverything();
      for (const [command, options] of [
        ["plan", []],
        ["deploy", ["--auto-approve"]],
      ] as const) {
        const { output, exitCode } = await clone.npm(command, options);
        expect(output).toContain(
          `the customer "intruder" has the subject of the pipeline's client "deployer", "${subject}"`,
        );
        expect(exitCode).toBe(1);
      }
      expect(await findClient(admin, realm, "intruder")).toBeUndefined();
    });
  });

  test("leaves no token in a file or an output", async () => {
    const texts = [...(await filesBelow(clone.folder)), ...clone.outputs];
    for (const token of issuer.tokens)
      expect(texts.filter((text) => text.includes(token))).toEqual([]);
  });
});
