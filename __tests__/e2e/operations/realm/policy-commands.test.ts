import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loginVariables } from "../../../../operations/keycloak/login/admin.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { GatedProject, isWrite } from "../../support/projects/gated-project.ts";
import { deployerOf } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "policy-commands";

const issuer = `
const { TrustedIssuer, githubActions } = await import("./constructs/authentication/trusted-issuer.ts");
new TrustedIssuer(atlas, "github", githubActions);
`;

describe("the commands, with a client policy and a trusted issuer,", () => {
  let project: GatedProject;

  beforeAll(async () => {
    project = await GatedProject.create(root, realm, "{type: local}");
    await project.clone.commitEverything();
    await project.deploy();
    await project.clone.edit("main.ts", (text) =>
      text
        .replace(
          '"orders:write"]',
          '"orders:write", { name: "orders:delete", requires: ["private_key_jwt"] }]',
        )
        .replace("const customers = ", `${issuer}const customers = `),
    );
    await project.clone.commitEverything();
  });
  afterAll(async () => {
    if (await project.admin.realms.findOne({ realm })) await project.admin.realms.del({ realm });
    await project.remove();
  });

  test("refuse them to the deployer before anything is applied", async () => {
    const login = await deployerOf(root, project.admin, realm);
    const deploy = () => project.clone.npm("deploy", ["--auto-approve"], loginVariables(login));
    const { exitCode, output } = await deploy();
    expect(output).toMatch(
      /not these resources; nothing is applied:\n {2}keycloak_oidc_identity_provider\.github_\w+\n {2}keycloak_realm_client_policy_profile\.\S+\n {2}keycloak_realm_client_policy_profile_policy\.\S+\n/,
    );
    expect(exitCode).toBe(1);
  });

  test("complete a policy that Keycloak did not accept at first", async () => {
    const changesPolicies = isWrite("PUT", /\/client-policies\/policies$/);
    project.gateway.rules = { before: (passing) => (changesPolicies(passing) ? 400 : undefined) };
    expect(await project.deploy()).toMatchObject({ exitCode: 1 });
    project.gateway.rules = {};
    const { exitCode, output } = await project.deploy();
    expect(output).toContain("Keycloak is as declared");
    expect(exitCode).toBe(0);
    const { policies = [] } = await project.admin.clientPolicies.listPolicies({ realm });
    expect(policies.map(({ name }) => name)).toEqual(["authentication-orders:delete"]);
  });

  test("let the deployer read them, after an administrator has corrected it", async () => {
    const drift = async (hasIssuers: boolean) => {
      const login = await deployerOf(root, project.admin, realm, { hasIssuers });
      return project.clone.npm("drift", [], loginVariables(login));
    };
    expect((await drift(false)).output).toContain(
      "to let it read declared groups and issuers, an administrator runs npm run bootstrap-deployer",
    );
    expect(await drift(true)).toMatchObject({ exitCode: 0 });
  });
});
