import type { Login } from "../keycloak/admin.ts";
import { deployerClientId } from "../../constructs/names/reserved-names.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import { RefusedError } from "../../text/errors.ts";

/**
 * Refuses a change to the realm itself by the deployer. Keycloak would refuse it too, but only after half of the plan is applied.
 *
 * @param advice the alternative, for the message
 * @throws RefusedError with the addresses
 */
export function refuseRealmChange(
  { clientId }: Login,
  changes: readonly ResourceChange[],
  advice: string,
): void {
  const realm = changes.filter(
    // to forget a resource changes only the state
    ({ type, change: { actions } }) =>
      type.startsWith("keycloak_realm") && actions.join() !== "forget",
  );
  if (clientId !== deployerClientId || realm.length === 0) return;
  const addresses = realm.map(({ address }) => `  ${address}`).join("\n");
  throw new RefusedError(
    `this changes the realm itself, which the deployer may not do; nothing is applied:\n${addresses}\n${advice}`,
  );
}
