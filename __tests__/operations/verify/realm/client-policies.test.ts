import { expect, test } from "@jest/globals";
import { RealmClientPolicyProfile } from "@cdktf/provider-keycloak/lib/realm-client-policy-profile";
import { RealmClientPolicyProfilePolicy } from "@cdktf/provider-keycloak/lib/realm-client-policy-profile-policy";
import { BackendClient } from "../../../../constructs/backend-client.ts";
import { RealmStack } from "../../../../constructs/realm-stack.ts";
import {
  readStacks,
  type Declaring,
  type SynthesizedStack,
} from "../../../../operations/terraform/synthesis/stack-json.ts";
import { verifyPolicies } from "../../../../operations/verify/realm/client-policies.ts";
import { differenceText } from "../../../../operations/verify/difference.ts";
import type { RealRealm } from "../../../../operations/verify/real-realm.ts";
import { differencesOf } from "../../../../operations/verify/verified.ts";
import { app } from "../../../constructs/atlas.ts";

type Real = Pick<RealRealm, "policies" | "profiles">;

const deployIt = "run npm run deploy as an administrator";
const name = "secret-rotation";
const rotation = { "expiration-period": 2_147_483_647, "remaining-rotation-period": 1 };

/** The policy of a realm with an overlap of secrets, as Keycloak has it. */
function real(
  policy: Partial<Real["policies"][number]> = {},
  configuration: object = { ...rotation, "rotated-expiration-period": 3600 },
): Real {
  const conditions = [
    { condition: "client-access-type", configuration: { type: ["confidential"] } },
  ];
  return {
    policies: [{ ...{ name, enabled: true, profiles: [name], conditions }, ...policy }],
    profiles: [{ name, executors: [{ executor: "secret-rotation", configuration }] }],
  };
}

/** The differences from a realm with an overlap of secrets and what a test declares, a line for each. */
function found(
  { policies, profiles }: Real,
  { existing = false, declare = () => undefined }: Declared = {},
) {
  const stack = new RealmStack(app(), "atlas", {
    ...{ realm: "atlas", keycloak: { url: "https://login.example.com" } },
    ...(existing ? { existing } : { authentication: { rotationOverlap: 3600 } }),
  });
  declare(stack);
  const verified = verifyPolicies(
    { policies, profiles },
    readStacks(stack.toTerraform() as unknown as SynthesizedStack<Declaring>),
  );
  return differencesOf({ realm: "atlas", verified, unchecked: [] }).map(differenceText);
}

interface Declared {
  readonly existing?: boolean;
  readonly declare?: (stack: RealmStack) => void;
}

test("numbers are the same as their text", () => {
  expect(found(real())).toEqual([]);
  const text = { ...real().profiles[0]?.executors?.[0]?.configuration };
  const texts = Object.fromEntries(
    Object.entries(text).map(([key, value]) => [key, String(value)]),
  );
  expect(found(real({}, texts))).toEqual([]);
});

test("an overlap that is shorter than declared is a difference", () => {
  expect(found(real({}, { ...rotation, "rotated-expiration-period": 60 }))).toEqual([
    `client profile ${name}: rotated-expiration-period is "60" and should be "3600"; ${deployIt}`,
  ]);
});

test("a setting that is missing is a difference", () => {
  expect(found(real({}, rotation))).toEqual([
    `client profile ${name}: rotated-expiration-period is not set and should be "3600"; ${deployIt}`,
  ]);
});

test.each([
  [
    "a second condition of the same kind",
    ["confidential"],
    ["public"],
    [`has the condition "client-access-type (2)", which nobody declared`],
  ],
  [
    "a condition for other clients",
    ["public"],
    undefined,
    ['has the type "public", which nobody declared', 'lacks the type "confidential"'],
  ],
])("%s is a difference", (_what, type, second, problems) => {
  const conditions = [type, second].flatMap((each) =>
    each ? [{ condition: "client-access-type", configuration: { type: each } }] : [],
  );
  expect(found(real({ conditions }))).toEqual(
    problems.map((problem) => `client policy ${name}: ${problem}; ${deployIt}`),
  );
});

test("in an existing realm, only declared policies are verified", () => {
  const declare = (stack: RealmStack) => {
    new BackendClient(stack, "api", {
      permissions: [{ name: "orders:write", requires: ["private_key_jwt"] }],
    });
  };
  expect(found(real(), { existing: true, declare })).toEqual([
    expect.stringMatching(/^client profile authentication-orders:write: is not in Keycloak; /),
    expect.stringMatching(/^client policy authentication-orders:write: is not in Keycloak; /),
  ]);
});

test("policies that main.ts declares as other resources are verified, as far as they are known", () => {
  const declare = (stack: RealmStack) => {
    const { realmId } = stack;
    const profile = new RealmClientPolicyProfile(stack, "profile", {
      ...{ realmId, name: "own", executor: [{ name: "pkce-enforcer" }] },
    });
    new RealmClientPolicyProfilePolicy(stack, "policy", {
      ...{ realmId, name: "own", enabled: false, profiles: [profile.name] },
      condition: [{ name: "client-roles", configuration: { roles: `\${jsonencode(upper("a"))}` } }],
    });
  };
  const { policies, profiles } = real();
  const conditions = [{ condition: "client-roles", configuration: { roles: ["A"] } }];
  const own = { name: "own", profiles: ["own"], enabled: true, conditions };
  const executors = [{ executor: "pkce-enforcer", configuration: {} }];
  expect(
    found(
      { policies: [...policies, own], profiles: [...profiles, { name: "own", executors }] },
      { declare },
    ),
  ).toEqual([`client policy own: enabled is true and should be false; ${deployIt}`]);
});
