import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { adminClient, loginVariables } from "../../../operations/keycloak/admin.ts";
import { Clone } from "../support/clone.ts";
import { endToEnd } from "../support/end-to-end.ts";
import { administrator } from "../support/workbench.ts";

const { root } = endToEnd();
const realm = "emergency";

describe("an emergency suspension, while the plan of an earlier run waits for approval,", () => {
  let clone: Clone;
  let admin: KcAdminClient;

  beforeAll(async () => {
    admin = await adminClient(administrator(root));
    const login = loginVariables(administrator(root));
    clone = await Clone.create("embedded", { ...login, KEYCLOAK_URL: root.url });
    await clone.useRealm(realm);
    await clone.commitEverything();
    await clone.npm("deploy", ["--auto-approve"]);
  });
  afterAll(async () => {
    if (await admin.realms.findOne({ realm })) await admin.realms.del({ realm });
    await clone.remove();
  });

  const commit = async (message: string, change: (text: string) => string) => {
    await clone.edit("customers.yaml", change);
    await clone.git("commit", "--quiet", "--all", "--message", message);
  };
  const acme = async () => (await admin.clients.find({ realm, clientId: "acme" }))[0];
  const plan = () => join(clone.folder, "cdktf.out/plan");
  const waiting = () => join(clone.folder, "cdktf.out/waiting");

  test("takes effect at once, from a checkout", async () => {
    expect(await acme()).toMatchObject({ enabled: true, name: "Acme Corp" });
    await commit("Rename acme", (text) => text.replace("name: Acme Corp", "name: Acme Ltd"));
    expect(await clone.npm("plan")).toMatchObject({ exitCode: 0 });
    await rename(plan(), waiting());
    await commit("Suspend acme", (text) =>
      text.replace("  acme:\n", "  acme:\n    enabled: false\n"),
    );
    expect(await clone.npm("deploy", ["--auto-approve"])).toMatchObject({ exitCode: 0 });
    expect(await acme()).toMatchObject({ enabled: false, name: "Acme Ltd" });
  });

  test("is not undone if somebody approves the earlier run afterwards", async () => {
    await clone.git("switch", "--quiet", "--detach", "HEAD^");
    await rename(waiting(), plan());
    const { exitCode, output } = await clone.npm("deploy");
    expect(output).toContain("the saved plan is stale; nothing is applied:");
    expect(exitCode).toBe(1);
    expect(await acme()).toMatchObject({ enabled: false });
  });
});
