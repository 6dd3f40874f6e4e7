import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { adminClient } from "../../../operations/keycloak/login/admin.ts";
import { findClient } from "../../../operations/keycloak/clients.ts";
import { Clone } from "../support/projects/clone.ts";
import { endToEnd } from "../support/end-to-end.ts";
import { folderWith } from "../support/programs.ts";
import { administrator, variablesFor } from "../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "remote";

describe("npm start with KEYCLOAK_URL", () => {
  let clone: Clone;
  let admin: KcAdminClient;

  beforeAll(async () => {
    const login = administrator(root);
    admin = await adminClient(login);
    clone = await Clone.create("embedded", variablesFor(root, login));
    await clone.useRealm(realm);
  });
  afterAll(async () => {
    await admin.realms.del({ realm });
    await clone.remove();
  });

  test("reports that nothing is deployed there, and deploys nothing", async () => {
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain("Realm not found");
    expect(exitCode).toBe(1);
    expect(await admin.realms.findOne({ realm })).toBeNull();
  });

  test("verifies every customer's token, even without terraform", async () => {
    expect(await clone.npm("deploy", ["--auto-approve"])).toMatchObject({ exitCode: 0 });
    const PATH = await folderWith(`${clone.stateFolder}/without-terraform`);
    const { exitCode, output } = await clone.npm("start", [], { PATH });
    expect(output).toMatch(/acme .*token verified/);
    expect(output).toMatch(/deploy +npm run deploy; this Keycloak was only verified/);
    expect(exitCode).toBe(0);
  });

  test("deletes no customer that is not declared any more, and reports one that is not deployed", async () => {
    await clone.edit("customers.yaml", (text) => text.replace("  acme:", "  hooli:"));
    const { exitCode, output } = await clone.npm("start");
    expect(output).toMatch(/hooli .*is not in Keycloak/);
    expect(exitCode).toBe(1);
    expect(await findClient(admin, realm, "acme")).toBeDefined();
  });
});
