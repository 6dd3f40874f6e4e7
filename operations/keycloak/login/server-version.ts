import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { isAbortError } from "../../../system/interruption.ts";
import { visible } from "../../../text/visible.ts";

/** The first Keycloak that confines `manage-clients` to clients. */
const minimum = [26, 7, 1] as const;

/**
 * Prints a warning on standard error if a Keycloak is too old to confine the deployer. Keycloak tells its version only to an identity that
 * may view the system, such as an administrator of the realm `master`. For others this prints nothing.
 */
export async function warnOfOldServer(admin: KcAdminClient): Promise<void> {
  const info = await admin.serverInfo.find().catch((error: unknown) => {
    // a version that nobody can read must not stop a deploy
    if (isAbortError(error)) throw error;
    return undefined;
  });
  const warning = oldServerWarning(info?.systemInfo?.version);
  if (warning !== undefined) console.error(warning);
}

/** The warning about a version of Keycloak; undefined if it is new enough, or unknown. */
export function oldServerWarning(version: string | undefined): string | undefined {
  const [, ...numbers] = (/^(\d+)\.(\d+)\.(\d+)/.exec(version ?? "") ?? []).map(Number);
  const index = minimum.findIndex((part, at) => part !== numbers[at]);
  const isOld = numbers.length > 0 && (numbers[index] ?? 0) < (minimum[index] ?? 0);
  if (!isOld) return undefined;
  return `warning: Keycloak ${visible(version ?? "")} does not confine manage-clients: whoever has it can become realm administrator (CVE-2026-4629); update Keycloak to ${minimum.join(".")} or later`;
}
