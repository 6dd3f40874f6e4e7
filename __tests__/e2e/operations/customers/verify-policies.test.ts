import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type ClientPolicyRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientPolicyRepresentation.js";
import type ClientProfileRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientProfileRepresentation.js";
import { ensureReader } from "../../../../operations/keycloak/deployer/deployer.ts";
import { adminClient } from "../../../../operations/keycloak/login/admin.ts";
import type { StackContent } from "../../../../operations/terraform/synthesis/stack-json.ts";
import { synthesize } from "../../../../operations/terraform/synthesis/synthesize.ts";
import { differenceText } from "../../../../operations/verify/difference.ts";
import { differencesOf } from "../../../../operations/verify/verified.ts";
import { verify } from "../../../../operations/verify/verify.ts";
import { Clone } from "../../support/projects/clone.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { administrator, variablesFor } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const method = "authentication-orders:write";
const deployIt = "run npm run deploy as an administrator";

/** Policies and profiles of a realm. */
interface Lists {
  readonly policies: readonly ClientPolicyRepresentation[];
  readonly profiles: readonly ClientProfileRepresentation[];
}

/** A difference that somebody makes by hand, and the lines that verify prints. */
interface ByHand {
  readonly name: string;
  readonly make: (lists: Lists) => Partial<Lists>;
  readonly lines: readonly string[];
}

/** Changes the entry of a list with a name. */
function changed<Entry extends { readonly name?: string }>(
  list: readonly Entry[],
  name: string,
  change: (entry: Entry) => object,
): Entry[] {
  return list.map((entry) => (entry.name === name ? { ...entry, ...change(entry) } : entry));
}

const differences: readonly ByHand[] = [
  {
    name: "a disabled policy",
    make: ({ policies }) => ({ policies: changed(policies, method, () => ({ enabled: false })) }),
    lines: [`client policy ${method}: enabled is false and should be true; ${deployIt}`],
  },
  {
    name: "a policy without its condition and its profile",
    make: ({ policies }) => ({
      policies: changed(policies, method, () => ({ conditions: [], profiles: [] })),
    }),
    lines: [
      `client policy ${method}: lacks the profile "${method}"; ${deployIt}`,
      `client policy ${method}: lacks the condition "client-scopes"; ${deployIt}`,
    ],
  },
  {
    name: "a condition for all clients but the declared ones",
    make: ({ policies }) => ({
      policies: changed(policies, method, ({ conditions = [] }) => ({
        conditions: conditions.map(({ condition, configuration }) => ({
          ...{ condition, configuration: { ...configuration, "is-negative-logic": true } },
        })),
      })),
    }),
    lines: [
      `client policy ${method}: is-negative-logic is "true" and should be not set; ${deployIt}`,
    ],
  },
  {
    name: "a profile without its executor",
    make: ({ profiles }) => ({
      profiles: changed(profiles, "key-hosts", () => ({ executors: [] })),
    }),
    lines: [
      `client profile key-hosts: lacks the executor "secure-client-uris-pattern"; ${deployIt}`,
    ],
  },
  {
    name: "an executor that allows another method",
    make: ({ profiles }) => ({
      profiles: changed(profiles, method, ({ executors = [] }) => ({
        executors: executors.map(({ executor }) => ({
          executor,
          configuration: { "allowed-client-authenticators": ["client-jwt", "client-secret"] },
        })),
      })),
    }),
    lines: [
      `client profile ${method}: has the allowed-client-authenticators "client-secret", which nobody declared; ${deployIt}`,
    ],
  },
];

describe.each(onProviders())(
  "verify, on client policies that the %s provider deployed,",
  (provider) => {
    const realm = `verified-policies-${provider}`;
    let clone: Clone;
    let admin: KcAdminClient;
    let reader: KcAdminClient;
    let stack: StackContent;

    const deploy = async (variables: NodeJS.ProcessEnv = {}) => {
      const { exitCode, output } = await clone.npm("deploy", ["--auto-approve"], variables);
      if (exitCode !== 0) throw new Error(output);
      return output;
    };
    /** The differences that a login finds which may only view clients and the realm, a line for each. */
    const found = async () =>
      differencesOf(await verify({ admin: reader, baseUrl: root.url, stack })).map(differenceText);
    const read = async (): Promise<Lists> => {
      const { policies = [] } = await admin.clientPolicies.listPolicies({ realm });
      const { profiles = [] } = await admin.clientPolicies.listProfiles({ realm });
      return { policies, profiles };
    };
    const write = async ({ policies, profiles }: Partial<Lists>) => {
      if (policies) await admin.clientPolicies.updatePolicy({ realm, policies: [...policies] });
      if (profiles) await admin.clientPolicies.createProfiles({ realm, profiles: [...profiles] });
    };

    beforeAll(async () => {
      const login = administrator(root);
      admin = await adminClient(login);
      clone = await Clone.create(provider, variablesFor(root, login));
      await clone.useRealm(realm);
      await writeFile(join(clone.folder, "customers.yaml"), "customers: {}\n");
      await clone.edit("environments/local.yaml", (text) =>
        text.concat("allowedJwksHosts: [keys.example.com]\n"),
      );
      await clone.edit("main.ts", (text) =>
        text.replace('"orders:write"]', '{ name: "orders:write", requires: ["private_key_jwt"] }]'),
      );
      await deploy();
      const { clientSecret } = await ensureReader(admin, realm);
      const baseUrl = root.url;
      reader = await adminClient({ baseUrl, realm, clientId: "deployer-reader", clientSecret });
      const variables = { ...process.env, KEYCLOAK_URL: root.url };
      const folder = join(clone.temporaryFolder, "stack");
      stack = await synthesize(folder, variables, { folder: clone.folder });
    });
    afterAll(async () => {
      if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
      await clone.remove();
    });

    test("finds nothing if they are as declared", async () => {
      expect(await found()).toEqual([]);
    });

    test.each(differences)("finds $name", async ({ make, lines }) => {
      const before = await read();
      await write(make(before));
      const differing = await found();
      await write(before);
      expect(differing).toEqual(lines);
    });

    test("finds nothing after a deploy has repaired all of them", async () => {
      for (const { make } of differences) await write(make(await read()));
      await deploy();
      expect(await found()).toEqual([]);
    });

    test("finds deleted ones, which a deploy restores if it is run as the line says", async () => {
      const others = ({ name }: { readonly name?: string }) => name !== method;
      const { policies, profiles } = await read();
      await write({ policies: policies.filter(others) });
      await write({ profiles: profiles.filter(others) });
      const lines = await found();
      expect(lines.map((line) => line.split(";")[0])).toEqual([
        `client profile ${method}: is not in Keycloak`,
        `client policy ${method}: is not in Keycloak`,
      ]);
      expect(await deploy()).toContain("Keycloak is as declared");
      for (const line of lines) {
        const option = /; run TF_CLI_ARGS_plan=(\S+) npm run deploy as an administrator$/.exec(
          line,
        );
        await deploy({ TF_CLI_ARGS_plan: option?.[1] });
      }
      expect(await found()).toEqual([]);
    });

    test("finds undeclared ones", async () => {
      const { policies, profiles } = await read();
      await write({ profiles: [...profiles, { name: "eve", executors: [] }] });
      await write({ policies: [...policies, { name: "eve", enabled: true, profiles: ["eve"] }] });
      const fix = "declare it, or delete it in Keycloak";
      expect(await found()).toEqual([
        `client profile eve: is a client profile that nobody declared; ${fix}`,
        `client policy eve: is a client policy that nobody declared; ${fix}`,
      ]);
    });
  },
);
