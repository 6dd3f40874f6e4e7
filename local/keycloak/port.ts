import { firstFreePort, isFree, needPort } from "../../system/ports.ts";
import { UnavailableError, UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";

const firstPort = 8080;
const lastPort = 8099;

/**
 * The port that KEYCLOAK_PORT sets; undefined without it.
 *
 * @throws UsageError if it is not a port
 */
export function portOf({ KEYCLOAK_PORT }: NodeJS.ProcessEnv): number | undefined {
  if (!KEYCLOAK_PORT) return undefined;
  const port = /^\d{1,5}$/.test(KEYCLOAK_PORT) ? Number(KEYCLOAK_PORT) : 0;
  if (port > 0 && port < 65_536) return port;
  throw new UsageError(
    `KEYCLOAK_PORT: ${quoted(KEYCLOAK_PORT)} is not a port; set a number from 1 to 65535, such as ${firstPort}`,
  );
}

/**
 * Makes sure that the port in KEYCLOAK_PORT can be used, if one is set.
 *
 * @param own the port that the local Keycloak uses now
 * @returns the port in KEYCLOAK_PORT; undefined without it
 * @throws UnavailableError if another program uses it
 */
export async function needWantedPort(
  variables: NodeJS.ProcessEnv,
  own?: number,
): Promise<number | undefined> {
  const wanted = portOf(variables);
  if (wanted !== undefined && wanted !== own)
    await needPort(wanted, "set another port in KEYCLOAK_PORT");
  return wanted;
}

/**
 * Chooses the port of the local Keycloak: KEYCLOAK_PORT, or the port that it had before, or the first free one from 8080 on.
 *
 * @throws UnavailableError if another program uses it
 */
export async function choosePort(
  before: number | undefined,
  variables: NodeJS.ProcessEnv,
): Promise<number> {
  const wanted = await needWantedPort(variables);
  if (wanted !== undefined) return wanted;
  if (before !== undefined && (await isFree(before))) return before;
  const port = await firstFreePort(firstPort, lastPort);
  if (port !== undefined) return port;
  throw new UnavailableError(
    `ports ${firstPort} to ${lastPort} are all in use; set a free one in KEYCLOAK_PORT`,
  );
}
