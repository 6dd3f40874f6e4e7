import type { Login } from "../keycloak/admin.ts";
import { deployerClientId } from "../../constructs/names/reserved-names.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import { RefusedError } from "../../text/errors.ts";

/** Types of resources that Keycloak lets `manage-clients` change: clients, client scopes, and what belongs to them. */
const deployersTypes = [
  /^keycloak_(openid|saml)_client(_scope|_default_scopes|_optional_scopes)?$/,
  /^keycloak_(openid|saml)_\w+_protocol_mapper$/,
  /^keycloak_generic_(client_)?protocol_mapper$/,
];

/**
 * Refuses what only an administrator may change, if the deployer deploys. Keycloak would refuse it too, but only after half of the plan
 * is applied.
 *
 * @param advice the alternative, for the message
 * @throws RefusedError with the addresses
 */
export function refuseAdministratorsChanges(
  { clientId }: Login,
  changes: readonly ResourceChange[],
  advice: string,
): void {
  if (clientId !== deployerClientId) return;
  const refused = changes.filter(
    // to forget a resource changes only the state
    ({ type, change: { actions } }) =>
      actions.join() !== "forget" && !deployersTypes.some((pattern) => pattern.test(type)),
  );
  if (refused.length === 0) return;
  const addresses = refused.map(({ address }) => `  ${address}`).join("\n");
  throw new RefusedError(
    `the deployer may change clients and client scopes only, not these resources; nothing is applied:\n${addresses}\n${advice}`,
  );
}
