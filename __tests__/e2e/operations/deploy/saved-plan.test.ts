import { chmod, cp, rename, rm, stat } from "node:fs/promises";
import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { shardOf } from "../../../../constructs/shards/shard-of.ts";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { GatedProject, isWrite } from "../../support/projects/gated-project.ts";

const { root, otherProgram } = endToEnd();
const describeChange = otherProgram === undefined ? describe.skip : describe;

describe.each([
  ["one stack", 1],
  ["three shards", 3],
])("a saved plan of customers in %s", (_, shards) => {
  const realm = `shown-${shards}`;
  /** The end of the name of the stack that a customer is in. */
  const shardOfCustomer = (id: string) => `customers-${shardOf(id, shards)}`;
  const planFile = (id: string) =>
    project.path(`cdktf.out/plan/${shards === 1 ? "realm" : shardOfCustomer(id)}.tfplan`);
  const stateFile = (id: string) =>
    project.path(`terraform.atlas${shards === 1 ? "" : `-${shardOfCustomer(id)}`}.tfstate`);
  const clientOf = (id: string) => findClient(project.admin, realm, id);

  let project: GatedProject;

  beforeAll(async () => {
    project = await GatedProject.create(root, realm, "{type: local}", {}, shards);
    await project.clone.commitEverything();
    await project.deploy();
  });
  afterEach(() => {
    project.gateway.rules = {};
  });
  afterAll(async () => {
    await project.admin.realms.del({ realm });
    await project.remove();
  });

  const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
  const plan = async (variables: NodeJS.ProcessEnv = {}) => {
    expect(await project.clone.npm("plan", [], variables)).toMatchObject({ exitCode: 0 });
  };

  test("is readable only by its owner, as is the state after the apply", async () => {
    await chmod(stateFile("modes"), 0o644);
    await project.addInCommit("modes");
    await plan();
    expect(await modeOf(project.path("cdktf.out/plan"))).toBe("700");
    expect(await modeOf(project.path("cdktf.out/plan/plan.json"))).toBe("600");
    expect(await modeOf(planFile("modes"))).toBe("600");
    await cp(planFile("modes"), project.path("earlier.tfplan"));
    expect(await project.clone.npm("deploy")).toMatchObject({ exitCode: 0 });
    expect(await modeOf(stateFile("modes"))).toBe("600");
    expect(await modeOf(`${stateFile("modes")}.backup`)).toBe("600");
  });

  test("is refused if terraform's file is another one than the one that was shown", async () => {
    await project.addInCommit("shown");
    await plan();
    await cp(project.path("cdktf.out/plan"), project.path("shown"), { recursive: true });
    await rename(project.path("earlier.tfplan"), planFile("shown"));
    const { exitCode, output } = await project.clone.npm("deploy");
    expect(output).toContain(
      `${planFile("shown")} is damaged, or is of another plan; nothing is applied`,
    );
    expect(exitCode).toBe(1);
    expect(await clientOf("shown")).toBeUndefined();
    await cp(project.path("shown"), project.path("cdktf.out/plan"), { recursive: true });
  });

  test("is refused with another provider than the one that planned", async () => {
    await project.clone.edit("cdktf.out/plan/plan.json", (text) =>
      text.replace(/"provider": "[^"]+"/, '"provider": "official 0.0.1"'),
    );
    const { exitCode, output } = await project.clone.npm("deploy");
    expect(output).toMatch(
      / {2}provider: planned with official 0\.0\.1, now it is (embedded|official)/,
    );
    expect(exitCode).toBe(1);
    await rm(project.path("cdktf.out/plan"), { recursive: true });
    await rename(project.path("shown"), project.path("cdktf.out/plan"));
  });

  describeChange("of Terraform or OpenTofu", () => {
    test("is refused by the other one", async () => {
      // only the embedded provider is certain to be there for both
      const variables = { ATLAS_PROVIDER: "embedded" };
      const other = { ...variables, TERRAFORM_BINARY_NAME: otherProgram };
      for (const [planner, deployer] of [
        [variables, other],
        [other, variables],
      ]) {
        await plan(planner);
        const { exitCode, output } = await project.clone.npm("deploy", [], deployer);
        expect(output).toMatch(
          / {2}program: planned with (Terraform|OpenTofu) \S+, now it is (?!\1)(Terraform|OpenTofu) \d/,
        );
        expect(exitCode).toBe(1);
      }
      expect(await clientOf("shown")).toBeUndefined();
      await plan();
    });
  });

  test("is completed by the same command after a failure, without a terminal", async () => {
    project.gateway.rules = {
      before: (passing) => (isWrite("PUT", /default-client-scopes/)(passing) ? 400 : undefined),
    };
    const failed = await project.clone.npm("deploy");
    expect(failed.output).toContain("npm run deploy completes it");
    expect(failed.exitCode).toBe(1);
    project.gateway.rules = {};
    const completed = await project.clone.npm("deploy");
    expect(completed.output).toContain("Keycloak is as declared");
    expect(completed.exitCode).toBe(0);
    expect((await clientOf("shown"))?.defaultClientScopes).toContain("orders:read");
    expect(existsSync(project.path("cdktf.out/plan"))).toBe(false);
  });

  test("does not undo an emergency suspension that was deployed from a checkout while it waited for approval", async () => {
    const editAcme = async (from: string, to: string) => {
      await project.clone.edit("customers.yaml", (text) => text.replace(from, to));
      await project.commit();
    };
    await editAcme("name: Acme Corp", "name: Acme Ltd");
    await plan();
    await rename(project.path("cdktf.out/plan"), project.path("waiting"));
    await editAcme("  acme:\n", "  acme:\n    enabled: false\n");
    expect(await project.deploy()).toMatchObject({ exitCode: 0 });
    expect(await clientOf("acme")).toMatchObject({ enabled: false, name: "Acme Ltd" });

    await project.clone.git("switch", "--quiet", "--detach", "HEAD^");
    await rename(project.path("waiting"), project.path("cdktf.out/plan"));
    const { exitCode, output } = await project.clone.npm("deploy");
    await project.clone.git("switch", "--quiet", "main");
    await rm(project.path("cdktf.out/plan"), { recursive: true });
    expect(output).toContain("the saved plan is stale; nothing is applied:");
    expect(exitCode).toBe(1);
    expect(await clientOf("acme")).toMatchObject({ enabled: false });
  });
});
