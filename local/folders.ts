import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

const project = "atlas-realm";

/** The checkout that the commands run in. */
export const checkout = join(import.meta.dirname, "..");

/**
 * What can be downloaded again, shared by all checkouts.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export function cacheFolder(variables: NodeJS.ProcessEnv = process.env): string {
  return join(variables.XDG_CACHE_HOME || join(homedir(), ".cache"), project);
}

/** What `npm start` keeps of this checkout: Keycloak's data, the logins that it made, terraform's state. */
export function stateFolder(variables: NodeJS.ProcessEnv = process.env): string {
  const name = createHash("sha256").update(checkout).digest("hex").slice(0, 12);
  return join(variables.XDG_STATE_HOME || join(homedir(), ".local", "state"), project, name);
}
