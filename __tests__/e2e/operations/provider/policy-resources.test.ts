import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { OidcIdentityProvider } from "@cdktf/provider-keycloak/lib/oidc-identity-provider";
import { RealmClientPolicyProfile } from "@cdktf/provider-keycloak/lib/realm-client-policy-profile";
import { RealmClientPolicyProfilePolicy } from "@cdktf/provider-keycloak/lib/realm-client-policy-profile-policy";
import type { RealmStack } from "../../../../constructs/realm-stack.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { Workbench } from "../../support/projects/workbench.ts";

/** Two client policies with their profiles, and an identity provider. */
function declare(
  stack: RealmStack,
  {
    pattern = "https://a\\.example/.*",
    tokenUrl = "https://issuer.example/token",
    extraConfig = { supportsClientAssertions: "true", filteredByClaim: "true" },
    secret = "first",
  }: {
    pattern?: string;
    tokenUrl?: string;
    extraConfig?: Record<string, string>;
    secret?: string;
  } = {},
): void {
  const { realmId } = stack;
  const hosts = new RealmClientPolicyProfile(stack, "hosts-profile", {
    ...{ realmId, name: "hosts", description: "Hosts of keys" },
    executor: [
      {
        name: "secure-client-uris-pattern",
        configuration: {
          "client-uri-fields": '["jwksUri"]',
          "allowed-patterns": JSON.stringify([pattern]),
        },
      },
    ],
  });
  const everyClient = new RealmClientPolicyProfilePolicy(stack, "hosts", {
    ...{ realmId, name: "hosts", profiles: [hosts.name] },
    condition: [{ name: "any-client" }],
  });
  const methods = new RealmClientPolicyProfile(stack, "methods-profile", {
    ...{ realmId, name: "methods", dependsOn: [everyClient] },
    executor: [
      {
        name: "secure-client-authenticator",
        configuration: { "allowed-client-authenticators": '["client-jwt"]' },
      },
    ],
  });
  new RealmClientPolicyProfilePolicy(stack, "methods", {
    ...{ realmId, name: "methods", profiles: [methods.name], enabled: false },
    condition: [
      { name: "client-access-type", configuration: { type: '["confidential","bearer-only"]' } },
      { name: "client-attributes", configuration: { attributes: '[{"key":"a","value":"b"}]' } },
    ],
  });
  new OidcIdentityProvider(stack, "issuer", {
    ...{ realm: realmId, alias: "issuer", issuer: "https://issuer.example" },
    ...{ authorizationUrl: "https://issuer.example/login", tokenUrl, clientId: "atlas" },
    ...{ jwksUrl: "https://issuer.example/keys", validateSignature: true },
    ...{ clientSecretWo: `secret-of-the-issuer-${secret}`, clientSecretWoVersion: secret },
    extraConfig,
  });
}

describe.each(onProviders())("with the %s provider", (provider) => {
  const realm = `policy-resources-${provider}`;
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.create(endToEnd().root, provider, realm);
  });
  afterAll(() => bench.clear());

  const deploy = (options?: Parameters<typeof declare>[1]) =>
    bench.deploy((stack) => {
      declare(stack, options);
    });
  const profiles = async () =>
    (await bench.admin.clientPolicies.listProfiles({ realm })).profiles ?? [];
  const policies = async () =>
    (await bench.admin.clientPolicies.listPolicies({ realm })).policies ?? [];
  const issuer = { realm, alias: "issuer" };
  const config = async () => (await bench.admin.identityProviders.findOne(issuer))?.config ?? {};

  test("policies and an identity provider are deployed, and then nothing differs", async () => {
    await deploy();
    expect(await bench.plan()).toEqual([]);
    expect((await profiles()).map(({ name }) => name)).toEqual(["hosts", "methods"]);
    expect(await policies()).toEqual([
      expect.objectContaining({ name: "hosts", enabled: true, profiles: ["hosts"] }),
      expect.objectContaining({
        name: "methods",
        enabled: false,
        conditions: [
          {
            condition: "client-access-type",
            configuration: { type: ["confidential", "bearer-only"] },
          },
          {
            condition: "client-attributes",
            configuration: { attributes: '[{"key":"a","value":"b"}]' },
          },
        ],
      }),
    ]);
    expect(await config()).toMatchObject({ useJwksUrl: "true", supportsClientAssertions: "true" });
  });

  test("no file of terraform has the secret of the identity provider", async () => {
    const state = await readFile(join(bench.folder, "terraform.tfstate"), "utf8");
    expect(state).not.toContain("secret-of-the-issuer");
  });

  test("changes by hand are planned, and repaired", async () => {
    const { admin } = bench;
    const [hosts, ...others] = await profiles();
    const executors = hosts?.executors?.map((executor) => ({
      ...executor,
      configuration: { "allowed-patterns": [".*"] },
    }));
    await admin.clientPolicies.createProfiles({
      realm,
      profiles: [{ ...hosts, executors } as never, ...others],
    });
    const [policy, ...rest] = await policies();
    await admin.clientPolicies.updatePolicy({
      realm,
      policies: [{ ...policy, enabled: false }, ...rest],
    });
    const found = await admin.identityProviders.findOne(issuer);
    await admin.identityProviders.update(issuer, {
      ...found,
      config: { ...found?.config, tokenUrl: "https://by-hand.example" },
    });
    expect(await bench.apply()).toEqual([
      "update keycloak_oidc_identity_provider.issuer",
      "update keycloak_realm_client_policy_profile.hosts-profile",
      "update keycloak_realm_client_policy_profile_policy.hosts",
    ]);
    expect(await bench.plan()).toEqual([]);
    expect((await policies()).map(({ enabled }) => enabled)).toEqual([true, false]);
  });

  test("a policy that was deleted by hand does not differ, although it should", async () => {
    const all = await policies();
    await bench.admin.clientPolicies.updatePolicy({ realm, policies: all.slice(1) });
    expect(await bench.plan()).toEqual([]);
    await bench.admin.clientPolicies.updatePolicy({ realm, policies: all });
  });

  test("changes are deployed in place, and keys that are no longer configured are removed", async () => {
    const changes = {
      pattern: "https://b\\.example/.*",
      tokenUrl: "https://issuer.example/other",
      extraConfig: { supportsClientAssertions: "false" },
    };
    expect(await deploy(changes)).toEqual([
      "update keycloak_oidc_identity_provider.issuer",
      "update keycloak_realm_client_policy_profile.hosts-profile",
    ]);
    expect(await bench.plan()).toEqual([]);
    const { supportsClientAssertions, filteredByClaim = "" } = await config();
    expect([supportsClientAssertions, filteredByClaim]).toEqual(["false", ""]);
    expect(await config()).toHaveProperty("clientSecret", "**********");
    expect(await deploy({ ...changes, secret: "second" })).toEqual([
      "update keycloak_oidc_identity_provider.issuer",
    ]);
    expect(await deploy()).toHaveLength(2);
  });

  test("an identity provider is imported by its alias, and a policy cannot be imported", async () => {
    const address = "keycloak_oidc_identity_provider.issuer";
    await bench.terraform("state", "rm", address);
    const { exitCode } = await bench.terraform("import", address, `${realm}/issuer`);
    expect(exitCode).toBe(0);
    expect(await bench.apply()).toEqual([`update ${address}`]);
    expect(await bench.plan()).toEqual([]);
    const policy = "keycloak_realm_client_policy_profile_policy.hosts";
    const { output } = await bench.terraform("import", policy, `${realm}/hosts`);
    expect(output).toContain("doesn't support import");
  });

  test("a policy that the state does not have is refused, and then replaced", async () => {
    await bench.terraform("state", "rm", "keycloak_realm_client_policy_profile_policy.hosts");
    await expect(bench.apply()).rejects.toThrow("400");
    expect(await bench.apply()).toEqual([
      "delete+create keycloak_realm_client_policy_profile_policy.hosts",
    ]);
    expect(await bench.plan()).toEqual([]);
    expect(await policies()).toHaveLength(2);
  });

  test("all of them are deleted", async () => {
    await bench.deploy(() => undefined);
    expect(await bench.plan()).toEqual([]);
    expect([await profiles(), await policies()]).toEqual([[], []]);
    expect(await bench.admin.identityProviders.find({ realm })).toEqual([]);
  });
});
