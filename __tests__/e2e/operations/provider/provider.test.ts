import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { chooseProvider } from "../../../../operations/terraform/provider/provider.ts";
import { terraformVariables } from "../../../../operations/terraform/terraform.ts";
import {} from "../../../../operations/keycloak/login/admin.ts";
import { checkout } from "../../../../system/folders.ts";
import { Clone } from "../../support/projects/clone.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { programName, terraformProgram } from "../../support/programs.ts";
import { variablesFor } from "../../support/projects/workbench.ts";

const { root } = endToEnd();

let clone: Clone;
let variables: NodeJS.ProcessEnv;

/** A program that terraform installs as the official provider, but that is none. */
const stub = "#!/bin/sh\nexit 1\n";

/** The registries that Terraform and OpenTofu look for. */
const registries = ["registry.terraform.io", "registry.opentofu.org"] as const;

/** Fills the only source of providers, for Terraform and OpenTofu. @returns its folder */
const mirror = async (program?: string): Promise<string> => {
  const folder = join(clone.temporaryFolder, "mirror");
  const { stdout } = await execa(terraformProgram, ["version", "-json"], {
    // OpenTofu prints warnings about its configuration before the JSON
    env: terraformVariables(process.env),
    extendEnv: false,
  });
  const { platform } = JSON.parse(stdout) as { platform: string };
  await mkdir(folder, { recursive: true });
  if (program === undefined) return folder;
  for (const registry of registries) {
    const place = join(folder, registry, "keycloak/keycloak/5.9.0", platform);
    await mkdir(place, { recursive: true });
    const file = join(place, "terraform-provider-keycloak_v5.9.0");
    await writeFile(file, program, { mode: 0o755 });
  }
  return folder;
};

beforeAll(async () => {
  clone = await Clone.create("embedded", variablesFor(root));
  await clone.commitEverything();
  const configuration = join(clone.temporaryFolder, "mirror.tfrc");
  const path = JSON.stringify(await mirror());
  await writeFile(
    configuration,
    `provider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`,
  );
  variables = {
    TF_CLI_CONFIG_FILE: configuration,
    TF_PLUGIN_CACHE_DIR: join(clone.temporaryFolder, "cache"),
    ATLAS_PROVIDER: "",
  };
});
afterAll(() => clone.remove());

describe("without the official provider", () => {
  test.each(["plan", "drift", "deploy"])(
    "npm run %s on a remote Keycloak is refused",
    async (script) => {
      const args = script === "deploy" ? ["--auto-approve"] : [];
      const { exitCode, output } = await clone.npm(script, args, variables);
      expect(output).toContain(
        `${programName} init cannot get the provider keycloak/keycloak 5.9.0`,
      );
      expect(output).toContain("Failed to query available provider packages");
      expect(exitCode).toBe(3);
    },
  );

  test.each([
    ["embedded", { ATLAS_PROVIDER: "embedded" }, false, "embedded"],
    ["nothing, for this checkout's own Keycloak", {}, true, "embedded"],
    ["official, for this checkout's own Keycloak", { ATLAS_PROVIDER: "official" }, true, undefined],
    ["nothing, for another Keycloak", {}, false, undefined],
  ])("ATLAS_PROVIDER may be %s", async (_, chosen, isOwn, name) => {
    const all = terraformVariables({ ...process.env, ...variables, ...chosen });
    const provider = await chooseProvider(all, { isOwn }).catch(() => undefined);
    expect(provider?.name).toBe(name);
    await provider?.stop();
  });

  test("ATLAS_PROVIDER cannot have another value", async () => {
    const { exitCode, output } = await clone.npm("plan", [], { ATLAS_PROVIDER: "offical" });
    expect(output).toContain('ATLAS_PROVIDER: "offical" must be official or embedded');
    expect(exitCode).toBe(2);
  });
});

describe("the checksums in .terraform.lock.hcl", () => {
  beforeAll(async () => {
    const path = await mirror(stub);
    const cdktf = join(checkout, "node_modules/.bin/cdktf");
    await execa(cdktf, ["synth"], { cwd: clone.folder, env: { REALM_ENV: "local" } });
    const folder = join(clone.folder, "cdktf.out/stacks/atlas");
    await execa(terraformProgram, ["providers", "lock", `-fs-mirror=${path}`], { cwd: folder });
    await copyFile(join(folder, ".terraform.lock.hcl"), join(clone.folder, ".terraform.lock.hcl"));
  });

  test("let terraform use the provider that they belong to", async () => {
    const { output } = await clone.npm("plan", [], variables);
    expect(output).toContain(`${programName} uses the official provider keycloak/keycloak 5.9.0`);
  });

  test("refuse another provider", async () => {
    await mirror(`${stub}# changed\n`);
    const other = { ...variables, TF_PLUGIN_CACHE_DIR: join(clone.temporaryFolder, "other-cache") };
    const { exitCode, output } = await clone.npm("plan", [], other);
    expect(output.replace(/[\s│]+/g, " ")).toContain("doesn't match any of the checksums");
    expect(output).not.toContain(" uses the ");
    expect(exitCode).toBe(3);
  });

  test("are refused if they are of the registry of the other program", async () => {
    await mirror(stub);
    const swapped = (text: string) =>
      text.replace(new RegExp(registries.join("|")), (found) =>
        found === registries[0] ? registries[1] : registries[0],
      );
    await clone.edit(".terraform.lock.hcl", swapped);
    const { exitCode, output } = await clone.npm("plan", [], variables);
    expect(output).toContain("write it again as docs/deploy.md describes");
    expect(exitCode).toBe(3);
    await clone.edit(".terraform.lock.hcl", swapped);
  });

  test("do not stop the embedded provider", async () => {
    const { output } = await clone.npm("plan", [], { ATLAS_PROVIDER: "embedded" });
    expect(output).toContain(
      `${programName} uses the embedded provider, as ATLAS_PROVIDER demands`,
    );
    expect(output).toContain("Plan: ");
  });
});
