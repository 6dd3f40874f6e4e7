import { isAbsolute } from "node:path";
import { parse } from "yaml";

/** What an environment's file names, as far as it can be read, whatever today's code expects of the rest. */
export interface EnvironmentText {
  readonly keycloak?: { readonly url?: unknown; readonly basePath?: unknown };
  readonly state?: { readonly type?: unknown; readonly path?: unknown };
  readonly customers?: unknown;
}

/** Reads the file of an environment, which may be one that only the base's own code can read. */
export function environmentText(text: string): EnvironmentText {
  try {
    const content: unknown = parse(text, { logLevel: "silent" });
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    return {};
  }
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
 * @returns undefined if it names none, or a state that other environments cannot have
 */
export function deploymentOf(text: string): Deployment | undefined {
  const { keycloak, state } = environmentText(text);
  const { url, basePath = "" } = keycloak ?? {};
  // each environment and each project has a local state of its own
  const isOwn = state?.type === "local" && !isAbsolute(String(state.path));
  if (typeof url !== "string" || !state || isOwn) return undefined;
  return { url: URL.canParse(url) ? new URL(url).origin : url, basePath, state };
}
