import { isAbsolute, posix } from "node:path";
import { looseMapping } from "./loose-yaml.ts";

/** What an environment's file names, as far as it can be read, whatever today's code expects of the rest. */
interface EnvironmentText {
  readonly keycloak?: { readonly url?: unknown; readonly basePath?: unknown };
  readonly state?: { readonly type?: unknown; readonly path?: unknown };
  readonly customers?: unknown;
}

/** Reads the file of an environment, which may be one that only the base's own code can read. */
export function environmentText(text: string): EnvironmentText {
  return looseMapping(text);
}

/** What two environments have in common if they deploy to the same realm. */
export interface Deployment {
  readonly url: unknown;
  readonly basePath: unknown;
  readonly state: unknown;
}

/**
 * Keycloak's address and the place of the state that the file of an environment names.
 *
 * @param prefix the project's folder, which the path of a local state is relative to
 * @returns undefined if it names none, or a state that other environments cannot have
 */
export function deploymentOf(text: string, prefix: string): Deployment | undefined {
  const { keycloak, state } = environmentText(text);
  const { url, basePath = "" } = keycloak ?? {};
  const place = state && placeOf(state, prefix);
  if (typeof url !== "string" || !place) return undefined;
  return { url: URL.canParse(url) ? new URL(url).origin : url, basePath, state: place };
}

/** The place of a state. Without a path, each environment has a local state of its own. */
function placeOf({ path, ...state }: NonNullable<EnvironmentText["state"]>, prefix: string) {
  if (state.type !== "local") return { ...state, path };
  if (typeof path !== "string") return undefined;
  return { ...state, path: isAbsolute(path) ? path : posix.join(prefix, path) };
}
