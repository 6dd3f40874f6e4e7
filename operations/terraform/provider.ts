import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import bindings from "@cdktf/provider-keycloak/package.json" with { type: "json" };
import { startEmbeddedProvider } from "embedded-provider";
import { socketParent } from "embedded-provider/socket-parent";
import { cacheFolder } from "../../system/folders.ts";
import { TemporaryFolder } from "../../system/temporary-folder.ts";
import { runTerraform } from "./terraform.ts";

const { source, version } = bindings.cdktf.provider;

/** A provider that terraform can use. */
export interface Provider {
  /** The provider, and why it was chosen, as a message shows it. */
  readonly description: string;
  /** The variables with which terraform finds it. */
  readonly variables: NodeJS.ProcessEnv;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * The official provider.
 *
 * @see https://github.com/hashicorp/go-plugin/blob/main/constants.go for PLUGIN_UNIX_SOCKET_DIR
 * @param variables see terraformVariables
 * @returns undefined if `terraform init` cannot get it
 */
export async function officialProvider(
  variables: NodeJS.ProcessEnv,
): Promise<Provider | undefined> {
  const pluginCache = variables.TF_PLUGIN_CACHE_DIR || join(cacheFolder, "terraform-plugins");
  await mkdir(pluginCache, { recursive: true });
  const found = {
    ...variables,
    TF_PLUGIN_CACHE_DIR: pluginCache,
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1",
    // the provider's socket has this name there, with a random number
    PLUGIN_UNIX_SOCKET_DIR: variables.PLUGIN_UNIX_SOCKET_DIR || socketParent("plugin4294967295"),
  };
  await using folder = await TemporaryFolder.create();
  await writeFile(
    join(folder.path, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: { keycloak: { source, version } } } }),
  );
  const init = await runTerraform({ folder: folder.path, variables: found }, [
    "init",
    "-backend=false",
  ]);
  if (init.exitCode !== 0) return undefined;
  return {
    description: `the official provider ${source} ${version}`,
    variables: found,
    stop: () => Promise.resolve(),
  };
}

/** The provider that the project carries for machines without access to the official one. */
export async function embeddedProvider(variables: NodeJS.ProcessEnv): Promise<Provider> {
  const provider = await startEmbeddedProvider(variables);
  return {
    description: `the embedded provider, because terraform init cannot get ${source} ${version} here`,
    variables: { ...variables, TF_REATTACH_PROVIDERS: provider.reattach },
    stop: () => provider.stop(),
  };
}

/** The official provider if terraform can get it, otherwise the embedded one. */
export async function chooseProvider(variables: NodeJS.ProcessEnv): Promise<Provider> {
  return (await officialProvider(variables)) ?? (await embeddedProvider(variables));
}
