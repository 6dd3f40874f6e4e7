import { expect, test } from "@jest/globals";
import type { AuthenticationSettings } from "../../../constructs/authentication/authentication.ts";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { RealmStack } from "../../../constructs/realm-stack.ts";
import { app, counts, only, realm } from "../atlas.ts";

const withSettings = (authentication: AuthenticationSettings) => realm({ authentication });
const executorOf = (stack: RealmStack, name: string) =>
  only(stack, "realm_client_policy_profile", { name }).executor;
const conditionOf = (stack: RealmStack, name: string) =>
  only(stack, "realm_client_policy_profile_policy", { name }).condition;

/** The regular expressions of the hosts, which Keycloak matches with the whole address. */
function patternsOf(...allowedJwksHosts: string[]): RegExp[] {
  const executor = executorOf(withSettings({ allowedJwksHosts }), "key-hosts");
  const [{ configuration }] = executor as [{ configuration: Record<string, string> }];
  const patterns = JSON.parse(configuration["allowed-patterns"] ?? "") as string[];
  return patterns.map((pattern) => new RegExp(`^(?:${pattern})$`));
}

test.each([{}, { secretPrefix: "atlas_live_" }])("the settings %j need no policy", (settings) => {
  expect(counts(withSettings(settings))).toEqual(counts(realm()));
});

test("the hosts of keys are a policy for every client", () => {
  const stack = withSettings({ allowedJwksHosts: ["keys.example.com"] });
  expect(executorOf(stack, "key-hosts")).toEqual([
    {
      name: "secure-client-uris-pattern",
      configuration: {
        "client-uri-fields": '["jwksUri"]',
        "allowed-patterns": JSON.stringify([String.raw`https://keys\.example\.com([/?].*)?`]),
      },
    },
  ]);
  expect(conditionOf(stack, "key-hosts")).toEqual([{ name: "any-client", configuration: {} }]);
  expect(stack.declaration.allowedJwksHosts).toEqual(["keys.example.com"]);
});

test("an empty list of hosts is a policy that allows none", () => {
  expect(patternsOf()).toEqual([]);
});

test.each([
  ["https://keys.example.com", true],
  ["https://keys.example.com/a/b.json?c=d", true],
  ["https://keys.example.com?c=d", true],
  ["http://keys.example.com/", false],
  ["https://keys.example.com:8443/", false],
  ["https://keys.example.com.evil.example/", false],
  ["https://keys.example.com@evil.example/", false],
  ["https://evil.example/https://keys.example.com/", false],
  ["https://keysXexample.com/", false],
])("of the host keys.example.com, the address %s is allowed: %s", (address, isAllowed) => {
  expect(patternsOf("keys.example.com").some((pattern) => pattern.test(address))).toBe(isAllowed);
});

test("the overlap of a rotation is a policy for confidential clients", () => {
  const stack = withSettings({ rotationOverlap: 3600 });
  expect(executorOf(stack, "secret-rotation")).toEqual([
    {
      name: "secret-rotation",
      configuration: expect.objectContaining({ "rotated-expiration-period": "3600" }),
    },
  ]);
  expect(conditionOf(stack, "secret-rotation")).toEqual([
    { name: "client-access-type", configuration: { type: '["confidential"]' } },
  ]);
});

test("an existing realm gets the policies of permissions only, which are for no other clients", () => {
  const stack = new RealmStack(app(), "atlas", {
    realm: "atlas",
    keycloak: { url: "https://login.example.com" },
    existing: true,
    authentication: { allowedJwksHosts: ["keys.example.com"], rotationOverlap: 3600 },
  });
  new BackendClient(stack, "api", {
    permissions: [{ name: "orders:write", requires: ["private_key_jwt"] }],
  });
  expect(counts(stack).keycloak_realm_client_policy_profile).toBe(1);
  expect(executorOf(stack, "authentication-orders:write")).toHaveLength(1);
  expect(stack.declaration.allowedJwksHosts).toEqual(["keys.example.com"]);
});
