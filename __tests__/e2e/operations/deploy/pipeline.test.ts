import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { adminClient, loginVariables } from "../../../../operations/keycloak/login/admin.ts";
import {
  customerProblems,
  deployedClient,
} from "../../../../operations/keycloak/customers/customer-clients.ts";
import { issuerOf } from "../../../../operations/keycloak/token.ts";
import { Clone } from "../../support/projects/clone.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { filesBelow } from "../../support/files.ts";
import { programName } from "../../support/programs.ts";
import { administrator, deployerOf } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "story";

const entry = (id: string) => `  ${id}:
    name: ${id}
    contact: api@${id}.example
    access:
      atlas-api: [orders:read]
`;

describe.each(onProviders())("a repository's pipeline, on the %s provider", (provider) => {
  let clone: Clone;
  let admin: KcAdminClient;

  beforeAll(async () => {
    admin = await adminClient(administrator(root));
    const { username, password } = root.administrator;
    const login = { KEYCLOAK_USER: username, KEYCLOAK_PASSWORD: password };
    clone = await Clone.create(provider, { ...login, KEYCLOAK_URL: root.url });
    await clone.useRealm(realm);
    await clone.commitEverything();
  });
  afterAll(async () => {
    if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
    await clone.remove();
  });

  const addOnBranch = async (id: string, before: string) => {
    await clone.git("switch", "--quiet", "--create", `add-${id}`);
    await clone.edit("customers.yaml", (text) =>
      text.replace(`  ${before}:`, `${entry(id)}  ${before}:`),
    );
    await clone.git("commit", "--quiet", "--all", "--message", `Add ${id}`);
  };
  const merge = async (branch: string) => {
    await clone.git("switch", "--quiet", "main");
    await clone.git("merge", "--quiet", "--no-ff", "--no-edit", branch);
  };
  const tokenProblems = (id: string) =>
    customerProblems(admin, realm, issuerOf(root.url, realm), id, {
      name: id,
      contact: `api@${id}.example`,
      enabled: true,
      access: { "atlas-api": ["orders:read"] },
    });
  const secretOf = async (id: string) => (await deployedClient(admin, realm, id))?.secret;

  test("creates the realm with the first deploy, and changes nothing with the second", async () => {
    const first = await clone.npm("deploy", ["--auto-approve"]);
    expect(first.output).toContain("Plan: 17 to add, 0 to change, 0 to destroy.");
    expect(first.output).toContain("create keycloak_realm.realm");
    expect(first.exitCode).toBe(0);
    const second = await clone.npm("deploy", ["--auto-approve"]);
    expect(second.output).toContain("Keycloak is as declared: nothing to change");
    expect(second.exitCode).toBe(0);
  });

  test("adds a customer on a branch, reviews, merges, plans and deploys; its token works", async () => {
    await addOnBranch("hooli", "acme");
    const review = await clone.npm("review", ["--base", "main", "--plan"]);
    expect(review.output).toContain("Adds the customer `hooli`.");
    expect(review.output).toContain("Plan: 2 to add, 0 to change, 0 to destroy.");
    expect(review.output).not.toContain("Drift");
    await merge("add-hooli");
    const plan = await clone.npm("plan", ["--base", "HEAD^1"]);
    expect(plan.output).toContain("Adds the customer `hooli`.");
    expect(plan.exitCode).toBe(0);
    const deploy = await clone.npm("deploy", ["--base", "HEAD^1"]);
    expect(deploy.output).toContain(`${programName} apply: 2 to add, 0 to change, 0 to destroy`);
    expect(deploy.output).not.toContain("Adds the customer");
    expect(deploy.exitCode).toBe(0);
    expect(await tokenProblems("hooli")).toEqual([]);
  });

  test("refuses a plan that is older than a merge or another deploy", async () => {
    const old = await clone.git("rev-parse", "HEAD^1");
    expect((await clone.npm("plan")).exitCode).toBe(0);
    await clone.git("switch", "--quiet", "--detach", old);
    await addOnBranch("umbrella", "initech");
    await merge("add-umbrella");
    const atOther = await clone.npm("deploy");
    expect(atOther.output).toContain("the saved plan is stale; nothing is applied:");
    expect(atOther.output).toMatch(/ {2}commit: planned at [0-9a-f]{7}, HEAD is [0-9a-f]{7}\n/);
    expect(atOther.output).toContain("declaration: it has changed since it was planned");
    expect(atOther.output).not.toContain("state:");
    expect(atOther.exitCode).toBe(1);
    expect(await secretOf("umbrella")).toBeUndefined();

    await clone.npm("plan");
    const state = await readFile(join(clone.folder, "terraform.atlas.tfstate"), "utf8");
    await clone.edit("terraform.atlas.tfstate", (text) =>
      text.replace(/"lineage": "\w+/, `"lineage": "00000000`),
    );
    const atState = await clone.npm("deploy");
    expect(atState.output).toMatch(/ {2}state: planned on [\w-]+, now it is 00000000-/);
    expect(atState.output).not.toContain("commit:");
    expect(atState.exitCode).toBe(1);
    await clone.edit("terraform.atlas.tfstate", () => state);
  });

  test("applies a saved plan although the state has been written since, if that leaves nothing else to apply", async () => {
    await clone.edit("terraform.atlas.tfstate", (text) =>
      text.replace(/"serial": (\d+)/, (_, serial) => `"serial": ${Number(serial) + 1}`),
    );
    const deploy = await clone.npm("deploy");
    expect(deploy.output).toContain(`${programName} apply: 2 to add, 0 to change, 0 to destroy`);
    expect(deploy.exitCode).toBe(0);
    expect(await tokenProblems("umbrella")).toEqual([]);
  });

  test("refuses a saved plan if the state has been written since and leaves something else to apply", async () => {
    await clone.npm("plan");
    const [acme] = await admin.clients.find({ realm, clientId: "acme" });
    await admin.clients.update({ realm, id: acme?.id ?? "" }, { ...acme, name: "Eve" });
    await clone.edit("terraform.atlas.tfstate", (text) =>
      text.replace(/"serial": (\d+)/, (_, serial) => `"serial": ${Number(serial) + 1}`),
    );
    const deploy = await clone.npm("deploy");
    expect(deploy.output).toMatch(
      /more than was planned: update keycloak_openid_client\.customers_acme/,
    );
    expect(deploy.exitCode).toBe(1);
    await admin.clients.update({ realm, id: acme?.id ?? "" }, { ...acme });
  });

  test("refuses a saved plan if any block of the declaration has changed", async () => {
    await clone.edit("main.ts", (text) =>
      text.replace("app.synth", 'atlas.addOverride("output.one.value", "1");\napp.synth'),
    );
    const deploy = await clone.npm("deploy");
    await clone.git("checkout", "--quiet", "main.ts");
    expect(deploy.output).toContain("declaration: it has changed since it was planned");
    expect(deploy.output).not.toContain("commit:");
    expect(deploy.exitCode).toBe(1);
  });

  test("refuses a saved plan that is damaged or for another environment", async () => {
    await clone.edit("cdktf.out/plan/plan.json", (text) => text.replace('"local"', '"staging"'));
    const other = await clone.npm("deploy");
    expect(other.output).toContain(
      'the saved plan is for the environment "staging", but REALM_ENV is "local"',
    );
    expect(other.exitCode).toBe(2);
    await clone.edit("cdktf.out/plan/plan.json", () => "{");
    const damaged = await clone.npm("deploy");
    expect(damaged.output).toContain("plan.json is damaged");
    expect(damaged.output).toContain("npm run plan makes a new plan");
    expect(damaged.exitCode).toBe(1);
    await rm(join(clone.folder, "cdktf.out/plan"), { recursive: true });
  });

  test("deploys customers as the deployer, and refuses its change to the realm itself", async () => {
    const deployer = await deployerOf(root, admin, realm);
    await clone.edit("customers.yaml", (text) => text + entry("wayne"));
    await clone.git("commit", "--quiet", "--all", "--message", "Add wayne");
    const added = await clone.npm("deploy", ["--auto-approve"], loginVariables(deployer));
    expect(added.output).toContain("create keycloak_openid_client.customers_wayne");
    expect(added.exitCode).toBe(0);
    expect(await tokenProblems("wayne")).toEqual([]);
    await clone.edit("main.ts", (text) => text.replace('"Atlas"', '"Atlas, the new"'));
    const changed = await clone.npm("deploy", ["--auto-approve"], loginVariables(deployer));
    expect(changed.output).toContain(
      "the deployer may change clients, client scopes and roles of clients only, not these resources; nothing is applied:\n  keycloak_realm.realm\n",
    );
    expect(changed.exitCode).toBe(1);
    await clone.git("reset", "--quiet", "--hard");
  });

  test("refuses to delete several customers at once until trailers allow it, in review, plan and deploy", async () => {
    const before = await secretOf("umbrella");
    const base = await clone.git("rev-parse", "HEAD");
    await clone.edit("customers.yaml", (text) =>
      text.replace(entry("hooli"), "").replace(entry("umbrella"), ""),
    );
    await clone.git("commit", "--quiet", "--all", "--message", "Remove two");
    for (const command of [
      ["review", "--base", base],
      ["plan", "--base", base],
      ["deploy", "--base", base, "--auto-approve", "--allow-removal=acme", "--allow-many=1"],
    ]) {
      const [script = "", ...args] = command;
      const { exitCode, output } = await clone.npm(script, args);
      expect(output).toContain('deletes customers that are not suspended: "hooli", "umbrella"');
      expect(output).toContain("Allow-many: 2   --allow-many 2");
      expect(exitCode).toBe(1);
    }
    expect(await secretOf("umbrella")).toBe(before);
    const trailers = "Allow-removal: hooli, umbrella\nAllow-many: 2";
    await clone.git("commit", "--quiet", "--amend", "--message", `Remove two\n\n${trailers}`);
    expect((await clone.npm("plan", ["--base", base])).exitCode).toBe(0);
    const deploy = await clone.npm("deploy", ["--base", base]);
    expect(deploy.output).toContain(`${programName} apply: 0 to add, 0 to change, 4 to destroy`);
    expect(deploy.exitCode).toBe(0);
    expect(await secretOf("umbrella")).toBeUndefined();
  });

  test("refuses to delete a permission that is removed from main.ts together with its prevent_destroy", async () => {
    const main = (await clone.git("show", "HEAD:main.ts")).replace(
      ', "orders:write"],\n});\n\nnew Front',
      "],\n});\n\nnew Front",
    );
    await clone.edit("main.ts", () =>
      main.replace('"orders:read", "orders:write"] },', '"orders:read"] },'),
    );
    await clone.edit("customers.yaml", (text) => text.replace(", orders:write", ""));
    const { exitCode, output } = await clone.npm("deploy", ["--auto-approve"]);
    expect(output).toContain(
      'deletes a realm, API, frontend, scope, list of scopes or another resource: "scope orders:write"',
    );
    expect(exitCode).toBe(1);
    await clone.git("reset", "--quiet", "--hard");
  });

  test("reports a manual change as drift, and repairs it after the answer yes", async () => {
    const nameOf = async () => (await admin.clients.find({ realm, clientId: "acme" }))[0]?.name;
    const [acme] = await admin.clients.find({ realm, clientId: "acme" });
    await admin.clients.update({ realm, id: acme?.id ?? "" }, { ...acme, name: "Eve" });
    const drift = await clone.npm("drift");
    expect(drift.output).toContain("1 resource in Keycloak differs from the declaration.");
    expect(drift.output).toContain("| customer `acme` |");
    expect(drift.output).toContain("| `name` | `Eve` | `Acme Corp` |");
    expect(drift.exitCode).toBe(1);
    const question = 'apply this? only "yes" is accepted:';
    const declined = await clone.npmOnTerminal("deploy", [], [question, "y"]);
    expect(declined.output).toContain("nothing is applied");
    expect(await nameOf()).toBe("Eve");
    const repaired = await clone.npmOnTerminal("deploy", [], [question, "yes"]);
    expect(repaired.output).toContain("update keycloak_openid_client.customers_acme");
    expect(await nameOf()).toBe("Acme Corp");
  });

  test("imports clients in use after the loss of the state only if that is allowed explicitly", async () => {
    const before = await secretOf("acme");
    expect(await tokenProblems("acme")).toEqual([]);
    await rm(join(clone.folder, "terraform.atlas.tfstate"));
    const refused = await clone.npm("deploy", ["--auto-approve", "--allow-new-secret", "wayne"]);
    const adopted = [
      ["--allow-new-secret", "API atlas-api, acme, globex, initech"],
      ["--allow-replacement", `frontend atlas-frontend, realm ${realm}`],
    ] as const;
    for (const [option, names] of adopted)
      expect(refused.output).toContain(`   ${option} '${names}'`);
    expect(refused.exitCode).toBe(1);
    expect(await secretOf("acme")).toBe(before);
    const options = [...adopted.flat(), "--allow-new-secret", "wayne"];
    const planned = await clone.npm("plan", options);
    expect(planned.output).toMatch(/\| customer `acme` +\| `keycloak_\S+acme\S+` \| import/);
    expect(planned.exitCode).toBe(0);
    const saved = join(clone.folder, "cdktf.out/plan");
    expect(await readdir(saved)).toEqual(["plan.json"]);
    const imported = await clone.npm("deploy", options);
    expect(imported.output).toContain("Keycloak is as declared");
    expect(imported.exitCode).toBe(0);
    expect(await secretOf("acme")).not.toBe(before);
    expect(await tokenProblems("acme")).toEqual([]);
    expect(existsSync(saved)).toBe(false);
    const drift = await clone.npm("drift");
    expect(drift.output).toContain("Keycloak is as declared.");
    expect(drift.exitCode).toBe(0);
  });

  test("leaves no current secret in a file or an output", async () => {
    const clients = await admin.clients.find({ realm });
    const secrets = clients.flatMap(({ secret }) => (secret ? [secret] : []));
    expect(secrets.length).toBeGreaterThan(3);
    const texts = [...(await filesBelow(clone.folder)), ...clone.outputs];
    for (const secret of secrets) expect(texts.some((text) => text.includes(secret))).toBe(false);
  });
});
