import { tmpdir } from "node:os";
import { isAbsolute, resolve } from "node:path";

const folders = ["HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"];
const thisMachine = ["localhost", "127.0.0.1", "::1"];

/**
 * Changes environment variables that would break programs on this machine, for this process and those that it starts:
 *
 * - Relative or empty folders are ignored. The specification demands it for the XDG variables.
 * - The temporary folder and JAVA_HOME become absolute, for programs that work in another folder.
 * - No proxy is used for this machine.
 *
 * @param {NodeJS.ProcessEnv} variables
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function mendVariables(variables) {
  for (const name of folders)
    if (!isAbsolute(variables[name] ?? "")) Reflect.deleteProperty(variables, name);
  variables.TMPDIR = resolve(tmpdir());
  if (variables.JAVA_HOME) variables.JAVA_HOME = resolve(variables.JAVA_HOME);
  const exceptions = [variables.no_proxy, variables.NO_PROXY, ...thisMachine]
    .flatMap((list) => list?.split(",") ?? [])
    .map((exception) => exception.trim())
    .filter(Boolean);
  // "*" means everything, but for some programs only if nothing else is listed
  const all = exceptions.includes("*") ? ["*"] : [...new Set(exceptions)];
  variables.no_proxy = all.join(",");
  variables.NO_PROXY = variables.no_proxy;
}
