import { basename, isAbsolute } from "node:path";
import { isOnPath, needVersion, type Program } from "../../system/programs/programs.ts";
import { UnavailableError, UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";

/** Commands of Terraform and OpenTofu, the preferred one first. */
const commands = ["terraform", "tofu"];

/** Terraform or OpenTofu. Which one it is does not depend on its command: each may be installed under the other's name. */
const program: Program = {
  args: ["version"],
  version: /^(?<product>Terraform|OpenTofu) v(?<version>(?<major>\d+)\.(?<minor>\d+)\S*)/m,
  minimum: [1, 11],
};

const install =
  "install Terraform 1.11 or later (https://developer.hashicorp.com/terraform/install) or OpenTofu 1.11 or later (https://opentofu.org/docs/intro/install)";

/**
 * The command that runs Terraform or OpenTofu: the one that TERRAFORM_BINARY_NAME names, as for cdktf, or else the one that is installed.
 * If both are, it is `terraform`.
 *
 * @throws UsageError if TERRAFORM_BINARY_NAME is a relative path, which each run would look for in its own folder
 */
export function terraformCommand(variables: NodeJS.ProcessEnv): string {
  const { TERRAFORM_BINARY_NAME: named } = variables;
  if (!named) return commands.find((name) => isOnPath(name, variables)) ?? "terraform";
  if (!named.includes("/") || isAbsolute(named)) return named;
  throw new UsageError(
    `TERRAFORM_BINARY_NAME: ${quoted(named)} is a relative path; write an absolute one, or the name of a program on PATH`,
  );
}

/** The name of the program that runs, such as `tofu`, for messages. */
export function terraformName(variables: NodeJS.ProcessEnv): string {
  return basename(terraformCommand(variables));
}

/** What is known of each program on each PATH. No program changes while a command runs. */
const known = new Map<string, Promise<string>>();

/**
 * Makes sure that Terraform or OpenTofu is installed and recent enough. It is asked once, so a caller may ask early, while something else
 * takes time.
 *
 * @returns the product with its version, such as `OpenTofu 1.12.6`
 * @throws UnavailableError with what to install
 */
export function needTerraform(variables: NodeJS.ProcessEnv): Promise<string> {
  const key = JSON.stringify([variables.TERRAFORM_BINARY_NAME, variables.PATH]);
  const found = known.get(key) ?? askTerraform(variables);
  known.set(key, found);
  return found;
}

async function askTerraform(variables: NodeJS.ProcessEnv): Promise<string> {
  const { TERRAFORM_BINARY_NAME: named } = variables;
  const command = terraformCommand(variables);
  if (!named && !isOnPath(command, variables))
    throw new UnavailableError(`neither ${commands.join(" nor ")} is on PATH; ${install}`);
  const place = {
    ...{ name: command, command },
    origin: named ? ", which TERRAFORM_BINARY_NAME names," : "",
    remedy: `${install}, and choose one with TERRAFORM_BINARY_NAME`,
  };
  const { product, version } = await needVersion(program, place, variables);
  return `${product} ${version}`;
}
