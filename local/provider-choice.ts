import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import bindings from "@cdktf/provider-keycloak/package.json" with { type: "json" };
import { inTemporaryFolder } from "../terraform/temporary.ts";
import { runTerraform } from "../terraform/terraform.ts";
import { cacheFolder } from "./folders.ts";
import { startEmbeddedProvider } from "./provider/server.ts";

const { source, version } = bindings.cdktf.provider;

/** The provider that terraform works with. */
export interface Provider {
  /** How to say which one it is. */
  readonly description: string;
  /** The variables that terraform needs to use it. */
  readonly variables: NodeJS.ProcessEnv;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * The official provider, where `terraform init` can get it.
 *
 * @param variables see terraformVariables
 * @returns undefined where it cannot
 */
export async function officialProvider(
  variables: NodeJS.ProcessEnv,
): Promise<Provider | undefined> {
  const pluginCache =
    variables.TF_PLUGIN_CACHE_DIR || join(cacheFolder(variables), "terraform-plugins");
  await mkdir(pluginCache, { recursive: true });
  const found = {
    ...variables,
    TF_PLUGIN_CACHE_DIR: pluginCache,
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1",
  };
  const { exitCode } = await inTemporaryFolder(async (folder) => {
    await writeFile(
      join(folder, "main.tf.json"),
      JSON.stringify({ terraform: { required_providers: { keycloak: { source, version } } } }),
    );
    return runTerraform({ folder, variables: found }, ["init", "-backend=false"]);
  });
  if (exitCode !== 0) return undefined;
  return {
    description: `the official provider ${source} ${version}`,
    variables: found,
    stop: () => Promise.resolve(),
  };
}

/** The provider that the project carries for machines that have no way to the official one. */
export async function embeddedProvider(variables: NodeJS.ProcessEnv): Promise<Provider> {
  const provider = await startEmbeddedProvider(variables);
  return {
    description: `the embedded provider, because terraform init cannot get ${source} ${version} here`,
    variables: { ...variables, TF_REATTACH_PROVIDERS: provider.reattach },
    stop: () => provider.stop(),
  };
}

/** The official provider where terraform can get it, otherwise the embedded one. */
export async function chooseProvider(variables: NodeJS.ProcessEnv): Promise<Provider> {
  return (await officialProvider(variables)) ?? (await embeddedProvider(variables));
}
