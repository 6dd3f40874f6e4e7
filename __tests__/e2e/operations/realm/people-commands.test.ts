import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loginVariables } from "../../../../operations/keycloak/login/admin.ts";
import type { DeployerOptions } from "../../../../operations/keycloak/deployer/deployer.ts";
import type { Passing } from "../../examples/support/gateway.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { GatedProject, isWrite, onFirst } from "../../support/projects/gated-project.ts";
import { deployerOf } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "people-commands";

const roles = `roles: { clerk: ["orders:read"], manager: ["orders:read", "orders:write"] },`;
const groups = `
const { GroupRoles } = await import("./constructs/group-roles.ts");
new GroupRoles(atlas, "staff", { group: "/staff" });
new GroupRoles(atlas, "clerks", { group: "/staff/clerks", access: { "atlas-api": ["clerk"] } });
`;

describe("the commands, with roles and groups,", () => {
  let project: GatedProject;

  beforeAll(async () => {
    project = await GatedProject.create(root, realm, "{type: local}");
    await project.clone.commitEverything();
    await project.deploy();
  });
  afterAll(async () => {
    if (await project.admin.realms.findOne({ realm })) await project.admin.realms.del({ realm });
    await project.remove();
  });

  const change = async (from: string, to: string) => {
    await project.clone.edit("main.ts", (text) => text.replace(from, to));
    await project.clone.git("commit", "--quiet", "--all", "--message", "change");
  };
  /** Runs a command as the deployer, after an administrator has corrected it. */
  const asDeployer = async (script: string, options?: DeployerOptions) => {
    const login = await deployerOf(root, project.admin, realm, options);
    const args = script === "deploy" ? ["--auto-approve"] : [];
    return project.clone.npm(script, args, loginVariables(login));
  };

  test("a deploy of roles that is killed, and killed again, is completed by the next one of the deployer", async () => {
    await change("permissions: [", `${roles}\n  permissions: [`);
    const createsRole = isWrite("POST", /\/clients\/[^/]+\/roles$/);
    const addsComposites = isWrite("POST", /\/composites$/);
    for (const rules of [
      { after: onFirst(createsRole, () => project.killTerraform()) },
      {
        before: async (passing: Passing) => {
          if (!addsComposites(passing)) return undefined;
          await project.killTerraform();
          return 503;
        },
      },
    ]) {
      project.gateway.rules = rules;
      const { exitCode, output } = await asDeployer("deploy");
      expect(output).toContain("was ended by SIGKILL");
      expect(exitCode).toBe(1);
    }
    project.gateway.rules = {};
    const { exitCode, output } = await asDeployer("deploy");
    expect(output).toContain("Keycloak is as declared");
    expect(exitCode).toBe(0);
  });

  test("a group is refused to the deployer, by its address, before anything is applied", async () => {
    await change("app.synth();", `${groups}app.synth();`);
    const { exitCode, output } = await asDeployer("deploy");
    expect(output).toMatch(
      /not these resources; nothing is applied:\n {2}keycloak_group\.clerks_\w+\n {2}keycloak_group\.staff_\w+\n {2}keycloak_group_roles\.clerks_roles_\w+\n {2}keycloak_group_roles\.staff_roles_\w+\n {2}keycloak_realm\.realm\n/,
    );
    expect(exitCode).toBe(1);
    expect(await project.admin.groups.find({ realm })).toEqual([]);
  });

  test("a deploy of groups that is killed is completed by the next one of the administrator", async () => {
    const createsGroup = isWrite("POST", /\/groups$/);
    project.gateway.rules = { after: onFirst(createsGroup, () => project.killTerraform()) };
    expect((await project.deploy()).exitCode).toBe(1);
    project.gateway.rules = {};
    expect(await project.deploy()).toMatchObject({ exitCode: 0 });
    const [staff, ...others] = await project.admin.groups.find({ realm });
    expect({ path: staff?.path, others }).toEqual({ path: "/staff", others: [] });
  });

  test("a plan of a deployer that may not read groups names the command that lets it", async () => {
    const { exitCode, output } = await asDeployer("drift");
    expect(output).toContain(
      "to let it read declared groups and issuers, an administrator runs npm run bootstrap-deployer",
    );
    expect(exitCode).toBe(3);
  });

  test("npm run bootstrap-deployer lets the deployer read groups, and it plans and deploys", async () => {
    const bootstrap = await project.clone.npmOnTerminal("bootstrap-deployer", []);
    expect(bootstrap.exitCode).toBe(0);
    expect(await asDeployer("drift", { hasGroups: true })).toMatchObject({ exitCode: 0 });
    await change(`manager: ["orders:read", "orders:write"]`, `manager: ["orders:write"]`);
    expect(await asDeployer("deploy", { hasGroups: true })).toMatchObject({ exitCode: 0 });
  });

  test("a group is not deleted unless a commit names it", async () => {
    await change(/new GroupRoles\(atlas, "clerks".*\n/.exec(groups)?.[0] ?? "", "");
    const { exitCode, output } = await project.deploy();
    expect(output).toContain("Allow-removal: group /staff/clerks");
    expect(exitCode).toBe(1);
    expect(await project.deploy("--allow-removal", "group /staff/clerks")).toMatchObject({
      exitCode: 0,
    });
  });
});
