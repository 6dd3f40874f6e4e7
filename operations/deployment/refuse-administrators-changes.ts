import { roleType } from "../../constructs/names/resource-types.ts";
import type { Login } from "../keycloak/login/admin.ts";
import { deployerClientId, readerClientId } from "../../constructs/names/reserved-names.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import { RefusedError } from "../../text/errors.ts";

/** Types of resources that Keycloak lets `manage-clients` change: clients, client scopes, and what belongs to them, except roles. */
const deployersTypes = [
  /^keycloak_(openid|saml)_client(_scope|_default_scopes|_optional_scopes)?$/,
  /^keycloak_(openid|saml)_\w+_protocol_mapper$/,
  /^keycloak_generic_(client_)?(protocol_mapper|role_mapper)$/,
];

/**
 * Refuses what only an administrator may change, if the deployer deploys, or the reader plans for it. Keycloak would refuse it too, but only
 * after half of the plan is applied.
 *
 * @param advice the alternative, for the message
 * @throws RefusedError with the addresses
 */
export function refuseAdministratorsChanges(
  { clientId }: Login,
  changes: readonly ResourceChange[],
  advice: string,
): void {
  if (clientId !== deployerClientId && clientId !== readerClientId) return;
  const refused = changes.filter(
    // to forget a resource changes only the state
    (each) => each.change.actions.join() !== "forget" && !isDeployers(each),
  );
  if (refused.length === 0) return;
  const addresses = refused.map(({ address }) => `  ${address}`).join("\n");
  throw new RefusedError(
    `the deployer may change clients, client scopes and roles of clients only, not these resources; nothing is applied:\n${addresses}\n${advice}`,
  );
}

/** Whether the deployer may change a resource. A role without a client is one of the realm. */
function isDeployers({ type, change }: ResourceChange): boolean {
  const { before, after, after_unknown: unknown } = change;
  const values = before ?? { ...after, ...(unknown as object | undefined) };
  if (type === roleType) return Boolean(values.client_id);
  return deployersTypes.some((pattern) => pattern.test(type));
}
