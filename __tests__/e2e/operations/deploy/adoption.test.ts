import { existsSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { adminClient, loginVariables } from "../../../../operations/keycloak/login/admin.ts";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import { issuerOf, requestToken } from "../../../../operations/keycloak/token.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { filesNamed } from "../../support/files.ts";
import { createsClient, GatedProject, onFirst } from "../../support/projects/gated-project.ts";
import { ImportedClients, secretsAreReplaced } from "../../support/projects/imported-clients.ts";
import { administrator, deployerOf } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "adoption";
const issuer = issuerOf(root.url, realm);

let project: GatedProject;
let clients: ImportedClients;

const user = { grant_type: "password", username: "ann", password: "ann's password" };
const remove = async (...ids: readonly string[]) => {
  for (const id of ids) {
    const client = await findClient(project.admin, realm, id);
    if (client) await project.admin.clients.del({ realm, id: client.id });
  }
};

const declareApi = (id: string) =>
  project.clone.edit("main.ts", (text) =>
    text.replace(
      "new FrontendClient",
      `new BackendClient(atlas, "${id}", { permissions: [] });\n\nnew FrontendClient`,
    ),
  );

/** Keeps what is declared, because it is deployed. */
const keep = () => project.clone.git("commit", "--quiet", "--all", "--message", "deployed");

const undo = async () => {
  await project.clone.git("reset", "--quiet", "--hard");
};

const hasSavedPlan = (file: string) =>
  existsSync(join(project.clone.folder, "cdktf.out/plan", file));

beforeAll(async () => {
  project = await GatedProject.create(root, realm, "{type: local}");
  clients = new ImportedClients(project, issuer, () => Promise.resolve([]));
  await project.clone.commitEverything();
  await project.deploy();
  await project.admin.users.create({
    ...{ realm, username: "ann", enabled: true, emailVerified: true },
    ...{ email: "ann@example.com", firstName: "Ann", lastName: "Example" },
    credentials: [{ type: "password", value: user.password, temporary: false }],
  });
});
afterEach(async () => {
  project.gateway.rules = {};
  await undo();
  await remove("batchco", "billing-api", "shop", "swapco", "usedco", "editco");
});
afterAll(async () => {
  await project.admin.realms.del({ realm });
  await project.remove();
});

/** Whether a request asks who made a client. A deploy does so for the plan, and again right before the apply. */
const isJudgement = (path: string) =>
  path.includes("/admin-events?") && path.includes("resourcePath=clients");

describe("a deploy", () => {
  test("imports a client that is named, gives it a new secret, and lists its address", async () => {
    await clients.declareExisting("oldco");
    const { exitCode, output } = await project.deploy("--allow-new-secret", "oldco");
    expect(output).toMatch(/`oldco` \| `keycloak_openid_client\.customers_oldco\w*` \| import/);
    expect(exitCode).toBe(0);
    expect(await clients.tokenStatus("oldco")).toBe(401);
    expect((await project.deploy()).output).toContain("nothing to change");
    expect(await clients.withSecretLeft()).toEqual([]);
    await keep();
  });

  test("leaves no valid secret behind if it fails after the import of a client", async () => {
    await clients.declareExisting("failco");
    const isChanged = jest.fn();
    clients.refuseChange(isChanged);
    const failed = await project.deploy("--allow-new-secret", "failco");
    expect(isChanged).toHaveBeenCalled();
    expect(failed.exitCode).toBe(1);
    await secretsAreReplaced(clients, "failco", failed);
    await keep();
  });

  test("refuses to import a client that signs users in with its secret", async () => {
    await clients.create("batchco", { directAccessGrantsEnabled: true });
    expect(await clients.tokenStatus("batchco", user)).toBe(200);
    await project.add("batchco");
    const { exitCode, output } = await project.clone.npm("plan");
    expect(output).toContain('refused by 1 guard rail\n  gets a new secret: "batchco"');
    expect(exitCode).toBe(1);
    expect(hasSavedPlan("plan.json")).toBe(false);
    expect(await clients.tokenStatus("batchco", user)).toBe(200);
    expect(await clients.withSecretLeft()).toEqual([]);
  });

  test("refuses to import an API, and a frontend, that somebody else has created", async () => {
    await clients.create("billing-api", { serviceAccountsEnabled: true });
    await project.admin.clients.create({ realm, clientId: "shop", publicClient: true });
    expect(await clients.tokenStatus("billing-api")).toBe(200);
    await declareApi("billing-api");
    await project.clone.edit("main.ts", (text) =>
      text.replace(
        "const customers",
        'new FrontendClient(atlas, "shop", { ...environment.frontend, access: { "billing-api": [] } });\n\nconst customers',
      ),
    );
    const { exitCode, output } = await project.deploy();
    expect(output).toContain('gets a new secret: "API billing-api"');
    expect(output).toContain('not in the state: "frontend shop"');
    expect(exitCode).toBe(1);
    expect(await clients.tokenStatus("billing-api")).toBe(200);
    expect(await clients.withSecretLeft()).toEqual([]);
  });

  test("that was killed is completed from a plan without a file, by the same deployer only", async () => {
    const asDeployer = loginVariables(await deployerOf(root, project.admin, realm));
    await project.add("halfco");
    project.gateway.rules = { after: onFirst(createsClient, () => project.killTerraform()) };
    const killed = await project.clone.npm("deploy", ["--auto-approve"], asDeployer);
    expect(killed.exitCode).toBe(1);
    project.gateway.rules = {};

    const byAnother = await project.deploy();
    expect(byAnother.output).toContain("--allow-new-secret halfco");
    expect(byAnother.exitCode).toBe(1);

    const planned = await project.clone.npm("plan", [], asDeployer);
    expect(planned.output).toMatch(/`keycloak_openid_client\.customers_halfco\w*` \| import/);
    expect(planned.exitCode).toBe(0);
    expect(hasSavedPlan("plan.json")).toBe(true);
    expect(hasSavedPlan("realm.tfplan")).toBe(false);
    expect(await clients.withSecretLeft()).toEqual([]);
    const completed = await project.clone.npm("deploy", [], asDeployer);
    expect(completed.output).toContain("Keycloak is as declared");
    expect(completed.exitCode).toBe(0);
    expect(await clients.withSecretLeft()).toEqual([]);
    await keep();
  });

  test("that was killed is not completed without the name of a client that was used since, even if that happens while it plans", async () => {
    await project.add("usedco");
    project.gateway.rules = { after: onFirst(createsClient, () => project.killTerraform()) };
    expect(await project.deploy()).toMatchObject({ exitCode: 1 });
    const { usedco: clientSecret = "" } = await project.secrets();
    let judged = 0;
    project.gateway.rules = {
      before: async ({ path }) => {
        if (isJudgement(path) && ++judged === 2)
          await requestToken({ issuer, clientId: "usedco", clientSecret });
        return undefined;
      },
    };
    const meanwhile = await project.deploy();
    expect(meanwhile.output).toContain(
      'somebody has used or changed what the plan imports: "usedco"; nothing is applied',
    );
    expect(meanwhile.exitCode).toBe(1);
    project.gateway.rules = {};
    const afterwards = await project.deploy();
    expect(afterwards.output).toContain("--allow-new-secret usedco");
    expect(afterwards.exitCode).toBe(1);
    expect(await requestToken({ issuer, clientId: "usedco", clientSecret })).toHaveProperty(
      "token",
    );
    expect(await clients.withSecretLeft()).toEqual([]);
  });

  test("applies nothing if terraform's file has changed since it was shown", async () => {
    await project.add("swapco");
    project.gateway.rules = { after: onFirst(createsClient, () => project.killTerraform()) };
    expect(await project.deploy()).toMatchObject({ exitCode: 1 });
    let judged = 0;
    project.gateway.rules = {
      before: async ({ path }) => {
        if (!isJudgement(path) || ++judged < 2) return undefined;
        const [file = ""] = await filesNamed(project.clone.temporaryFolder, "realm.tfplan");
        await appendFile(file, "x");
        return undefined;
      },
    };
    const { exitCode, output } = await project.deploy();
    expect(output).toContain("is not the plan that was shown; nothing is applied");
    expect(exitCode).toBe(1);
  });

  test("that was killed is not completed without the name of a client that an administrator changed since", async () => {
    await project.add("editco");
    project.gateway.rules = { after: onFirst(createsClient, () => project.killTerraform()) };
    expect(await project.deploy()).toMatchObject({ exitCode: 1 });
    project.gateway.rules = {};
    const other = await adminClient(await deployerOf(root, project.admin, realm));
    const client = await findClient(other, realm, "editco");
    await other.clients.update({ realm, id: client?.id ?? "" }, { ...client, description: "mine" });
    const { exitCode, output } = await project.deploy();
    expect(output).toContain("--allow-new-secret editco");
    expect(exitCode).toBe(1);
    expect(await clients.withSecretLeft()).toEqual([]);
  });
});

test("a deploy refuses to import a realm that was made by hand, and changes nothing in it", async () => {
  const admin = await adminClient(administrator(root));
  await admin.realms.create({ realm: "partner", enabled: true, passwordPolicy: "length(14)" });
  const redirectUris = ["https://partner.example/*"];
  const frontend = { clientId: "atlas-frontend", publicClient: true, redirectUris };
  await admin.clients.create({ realm: "partner", ...frontend });
  const partner = await GatedProject.create(root, "partner", "{type: local}");
  try {
    const { exitCode, output } = await partner.deploy();
    expect(output).toContain('"frontend atlas-frontend", "realm partner"');
    expect(exitCode).toBe(1);
    expect(await admin.realms.findOne({ realm: "partner" })).toMatchObject({
      passwordPolicy: "length(14)",
    });
    expect(await findClient(admin, "partner", "atlas-frontend")).toMatchObject({ redirectUris });
  } finally {
    await partner.remove();
    await admin.realms.del({ realm: "partner" });
  }
});
