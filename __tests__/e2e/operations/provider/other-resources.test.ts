import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loginVariables } from "../../../../operations/keycloak/login/admin.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { GatedProject } from "../../support/projects/gated-project.ts";
import { deployerOf } from "../../support/projects/workbench.ts";

const { root, official } = endToEnd();
const realm = "other-resources";

/** A SAML client next to the constructs, which the deployer may deploy. */
const wiki = `
const { SamlClient } = await import("@cdktf/provider-keycloak/lib/saml-client");
const { realmId } = atlas;
new SamlClient(atlas, "wiki", { realmId, clientId: "wiki", description: "Reads the wiki" });
`;

/** A role, a group and an identity provider, which only an administrator may deploy. */
const others = `
const { Role } = await import("@cdktf/provider-keycloak/lib/role");
const { Group } = await import("@cdktf/provider-keycloak/lib/group");
const { OidcIdentityProvider } = await import("@cdktf/provider-keycloak/lib/oidc-identity-provider");
new Role(atlas, "clerk", { realmId, name: "clerk", description: "Works on orders" });
new Group(atlas, "staff", { realmId, name: "staff", description: "Everybody" });
new OidcIdentityProvider(atlas, "partner", {
  realm: realmId, alias: "partner", clientId: "atlas", clientSecret: "s3cret-of-the-partner",
  authorizationUrl: "https://partner.example/authorize", tokenUrl: "https://partner.example/token" });
`;

let project: GatedProject;

beforeAll(async () => {
  // the first SAML client of a Keycloak takes long, because it gets two keys
  const variables = { KEYCLOAK_CLIENT_TIMEOUT: "180" };
  project = await GatedProject.create(root, realm, "{type: local}", variables);
  await project.clone.edit("main.ts", (text) =>
    text.replace("app.synth();", `${wiki}${others}app.synth();`),
  );
  await project.clone.commitEverything();
});
afterAll(async () => {
  if (await project.admin.realms.findOne({ realm })) await project.admin.realms.del({ realm });
  await project.remove();
});

const drift = () => project.clone.npm("drift");
const reviewed = async () => project.clone.npm("review", ["--base", "HEAD~1"]);
/** Variables with the deployer's login. */
const deployer = async () => loginVariables(await deployerOf(root, project.admin, realm));
const change = async (from: string | RegExp, to: string) => {
  await project.clone.edit("main.ts", (text) => text.replace(from, to));
  await project.clone.git("commit", "--quiet", "--all", "--message", "change");
};

(official ? describe : describe.skip)("resources next to the constructs", () => {
  test("are refused before anything is applied if the deployer may not deploy them", async () => {
    const deployAsDeployer = async () =>
      project.clone.npm("deploy", ["--auto-approve"], await deployer());
    await change(wiki + others, "");
    expect(await project.deploy()).toMatchObject({ exitCode: 0 });
    await change("app.synth();", `${wiki}app.synth();`);
    expect(await deployAsDeployer()).toMatchObject({ exitCode: 0 });
    await change(wiki, wiki + others);
    const { exitCode, output } = await deployAsDeployer();
    expect(output).toContain(
      "not these resources; nothing is applied:\n  keycloak_group.staff\n  keycloak_oidc_identity_provider.partner\n  keycloak_role.clerk\n",
    );
    expect(exitCode).toBe(1);
    expect(await project.admin.groups.find({ realm })).toEqual([]);
  });

  test("are deployed with the official provider, and then nothing differs", async () => {
    const { exitCode, output } = await project.deploy();
    expect(output).toContain("Keycloak is as declared");
    expect(exitCode).toBe(0);
    expect(await project.admin.roles.findOneByName({ realm, name: "clerk" })).toMatchObject({
      description: "Works on orders",
    });
    expect(await project.admin.identityProviders.find({ realm })).toHaveLength(1);
    expect(await project.admin.clients.find({ realm, clientId: "wiki" })).toHaveLength(1);
    expect(await drift()).toMatchObject({ exitCode: 0 });
  });

  test("cannot be planned by the deployer, which is reported", async () => {
    const { exitCode, output } = await project.clone.npm("plan", [], await deployer());
    expect(output).toContain("plan and deploy everything else as an administrator");
    expect(exitCode).toBe(1);
  });

  test("have drift that is reported by their address, and without secrets", async () => {
    const partner = { realm, alias: "partner" };
    const provider = await project.admin.identityProviders.findOne(partner);
    const config = {
      ...provider?.config,
      tokenUrl: "https://by-hand.example/token",
      clientSecret: "s3cret-by-hand",
    };
    await project.admin.identityProviders.update(partner, { ...provider, config });
    await project.admin.roles.delByName({ realm, name: "clerk" });
    const { exitCode, output } = await drift();
    expect(output).toContain("keycloak_role.clerk");
    expect(output).toContain("keycloak_oidc_identity_provider.partner");
    expect(output).toContain("https://by-hand.example/token");
    expect(exitCode).toBe(1);
    expect(await project.deploy()).toMatchObject({ exitCode: 0 });
    expect(await drift()).toMatchObject({ exitCode: 0 });
  });

  test("are not deleted unless an option or a trailer names them", async () => {
    await change(/new Group\(.*\n/, "");
    for (const { exitCode, output } of [await reviewed(), await project.deploy()]) {
      expect(output).toContain("Allow-removal: keycloak_group.staff");
      expect(exitCode).toBe(1);
    }
    expect(await project.admin.groups.find({ realm })).toHaveLength(1);
    const { exitCode } = await project.deploy("--allow-removal", "keycloak_group.staff");
    expect(exitCode).toBe(0);
    expect(await project.admin.groups.find({ realm })).toHaveLength(0);
    expect(await drift()).toMatchObject({ exitCode: 0 });
  });

  test("never have their secrets printed", async () => {
    await change("s3cret-of-the-partner", "s3cret-of-today");
    const { exitCode, output } = await reviewed();
    expect(output).toContain("client_secret");
    expect(exitCode).toBe(0);
    expect(await project.clone.npm("plan")).toMatchObject({ exitCode: 0 });
    expect(project.clone.outputs.join("\n")).not.toContain("s3cret");
  });
});

test("a plan with the embedded provider is refused, and names each resource that it does not implement", async () => {
  const scope = `
const { SamlClientScope } = await import("@cdktf/provider-keycloak/lib/saml-client-scope");
new SamlClientScope(atlas, "wiki-scope", { realmId, name: "wiki" });
`;
  await change("app.synth();", `${scope}app.synth();`);
  const { exitCode, output } = await project.clone.npm("plan", [], { ATLAS_PROVIDER: "embedded" });
  for (const type of ["keycloak_saml_client_scope", "keycloak_saml_client"])
    expect(output).toContain(`the embedded provider does not implement ${type}; use the official`);
  expect(exitCode).toBe(1);
});
