import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import bindings from "@cdktf/provider-keycloak/package.json" with { type: "json" };
import { startEmbeddedProvider } from "embedded-provider";
import { socketParent } from "embedded-provider/socket-parent";
import { beginEarly } from "../../../system/early-work.ts";
import { cacheFolder } from "../../../system/folders.ts";
import { TemporaryFolder } from "../../../system/temporary-folder.ts";
import { ExplainedError, UnavailableError, UsageError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import { terraformName } from "../program.ts";
import { copyProviderLock } from "./provider-lock.ts";
import { terraform } from "../terraform.ts";

const { source, version } = bindings.cdktf.provider;

/** A provider that terraform can use. */
export interface Provider {
  /** The provider with its version, as a saved plan records it. */
  readonly name: `official ${string}` | "embedded";
  /** The provider, and why it was chosen, as a message shows it. */
  readonly description: string;
  /** The variables with which terraform finds it. */
  readonly variables: NodeJS.ProcessEnv;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * The official provider, with the checksums of the project's dependency lock file if there is one.
 *
 * @see https://github.com/hashicorp/go-plugin/blob/main/constants.go for PLUGIN_UNIX_SOCKET_DIR
 * @param variables see terraformVariables
 * @throws UnavailableError with terraform's output if `terraform init` cannot get it
 */
export async function officialProvider(variables: NodeJS.ProcessEnv): Promise<Provider> {
  await needOfficialProvider(variables);
  return {
    name: `official ${version}`,
    description: `the official provider ${source} ${version}`,
    variables: withPlugins(variables),
    stop: () => Promise.resolve(),
  };
}

/** The variables with which terraform keeps and starts plugins. */
function withPlugins(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...variables,
    TF_PLUGIN_CACHE_DIR: variables.TF_PLUGIN_CACHE_DIR || join(cacheFolder, "terraform-plugins"),
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1",
    // the provider's socket has this name there, with a random number
    PLUGIN_UNIX_SOCKET_DIR:
      variables.PLUGIN_UNIX_SOCKET_DIR || socketParent(tmpdir(), "plugin4294967295"),
  };
}

/** The answers of `terraform init`, by the variables that decide about them. No answer changes while a command runs. */
const answers = new Map<string, Promise<void>>();

/**
 * Makes sure that terraform gets the official provider. It is asked once, so a caller may ask early, while something else takes time.
 *
 * @throws UnavailableError with terraform's output if `terraform init` cannot get it
 */
export function needOfficialProvider(variables: NodeJS.ProcessEnv): Promise<void> {
  const deciding = Object.entries(variables).filter(
    ([name]) => !/^(KEYCLOAK_.*|SHARDS_ONLY|TF_DATA_DIR)$/.test(name),
  );
  const key = JSON.stringify(deciding.sort());
  const answer =
    answers.get(key) ??
    beginEarly((ended) => askForOfficialProvider(withPlugins(variables), ended));
  answers.set(key, answer);
  return answer;
}

async function askForOfficialProvider(
  variables: NodeJS.ProcessEnv,
  ended: AbortSignal,
): Promise<void> {
  await mkdir(variables.TF_PLUGIN_CACHE_DIR ?? "", { recursive: true });
  // in its own working data: this is no init of the environment's
  await using folder = await TemporaryFolder.create();
  await writeFile(
    join(folder.path, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: { keycloak: { source, version } } } }),
  );
  await copyProviderLock(folder.path);
  const TF_DATA_DIR = join(folder.path, "data");
  const workspace = { folder: folder.path, variables: { ...variables, TF_DATA_DIR }, ended };
  await terraform(workspace, ["init", "-no-color", "-backend=false"]).catch((error: unknown) => {
    if (!(error instanceof ExplainedError)) throw error;
    throw new UnavailableError(
      `${terraformName(variables)} init cannot get the provider ${source} ${version}; give it access to the registry or to a mirror, or for a trial set ATLAS_PROVIDER=embedded\n${error.message}`,
    );
  });
}

/**
 * The provider that the project carries for trials and tests.
 *
 * @param reason why it is used, for the message
 */
export async function embeddedProvider(
  variables: NodeJS.ProcessEnv,
  reason = "as ATLAS_PROVIDER demands",
): Promise<Provider> {
  const provider = await startEmbeddedProvider(variables);
  return {
    name: "embedded",
    description: `the embedded provider, ${reason}`,
    variables: { ...variables, TF_REATTACH_PROVIDERS: provider.reattach },
    stop: () => provider.stop(),
  };
}

/**
 * The provider that ATLAS_PROVIDER names, by default the official one.
 *
 * @param options.isOwn whether the target is this checkout's own Keycloak. There, the embedded provider is used if terraform cannot get
 *   the official one.
 * @throws UsageError if ATLAS_PROVIDER names no provider
 * @throws UnavailableError if terraform cannot get the official provider
 */
export async function chooseProvider(
  variables: NodeJS.ProcessEnv,
  { isOwn }: { readonly isOwn: boolean },
): Promise<Provider> {
  const name = variables.ATLAS_PROVIDER || undefined;
  if (name !== undefined && name !== "official" && name !== "embedded")
    throw new UsageError(`ATLAS_PROVIDER: ${quoted(name)} must be official or embedded`);
  if (name === "embedded") return embeddedProvider(variables);
  try {
    return await officialProvider(variables);
  } catch (error) {
    if (name === "official" || !isOwn || !(error instanceof UnavailableError)) throw error;
    const reason = `because ${terraformName(variables)} init cannot get ${source} ${version} here`;
    return embeddedProvider(variables, reason);
  }
}
