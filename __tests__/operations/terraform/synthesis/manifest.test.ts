import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { App, TerraformStack } from "cdktf";
import { RealmStack } from "../../../../constructs/realm-stack.ts";
import { findRealmStacks } from "../../../../operations/terraform/synthesis/manifest.ts";

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "manifest-"));
});
afterEach(() => {
  rmSync(outdir, { recursive: true });
});

/** Synthesizes stacks, as main.ts does. */
function synthesized(declare: (app: App) => void): void {
  const app = new App({ outdir });
  declare(app);
  app.synth();
}

const realm = (app: App, id: string) =>
  new RealmStack(app, id, { realm: id, keycloak: { url: "https://login.example.com" } });

describe("the RealmStack", () => {
  test("is found by any id", async () => {
    synthesized((app) => realm(app, "shop-2"));
    const { folder, stack } = (await findRealmStacks(outdir)).realm;
    expect([basename(folder), stack["//"].declaration.realm]).toEqual(["shop-2", "shop-2"]);
  });

  test("is found next to a stack of another kind", async () => {
    synthesized((app) => [new TerraformStack(app, "another"), realm(app, "shop")]);
    expect(basename((await findRealmStacks(outdir)).realm.folder)).toBe("shop");
  });

  test("is missing if only a stack of another kind is declared", async () => {
    synthesized((app) => new TerraformStack(app, "another"));
    await expect(findRealmStacks(outdir)).rejects.toThrow(
      "main.ts declares no RealmStack, or is older than the commands that read it; declare exactly one",
    );
  });

  test("is the only one: two are refused by their ids", async () => {
    synthesized((app) => [realm(app, "shop"), realm(app, "partners")]);
    await expect(findRealmStacks(outdir)).rejects.toThrow(
      'main.ts declares 2 RealmStacks, "partners", "shop"; declare exactly one, and give each other realm a repository of its own',
    );
  });
});
