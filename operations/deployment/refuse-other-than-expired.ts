import { hasExpired } from "../../configuration/customers/expiry.ts";
import { clientType } from "../../constructs/names/resource-types.ts";
import { RefusedError } from "../../text/errors.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import { actionText, differingNames } from "./saved-plan/agreement.ts";

/**
 * Refuses everything but the suspension of customers whose access has ended. A scheduled deploy, which nobody reviews, must not apply
 * anything else, such as the correction of drift.
 *
 * @param today the day of the deploy
 * @throws RefusedError with the other changes
 */
export function refuseOtherThanExpired(changes: readonly ResourceChange[], today: string): void {
  const others = changes.filter((each) => !isExpiry(each, today));
  if (others.length === 0) return;
  const lines = others
    .map(({ address, change }) => `  ${actionText(change)} ${address}`)
    .join("\n");
  throw new RefusedError(
    `--only-expired may only suspend customers whose access has ended before ${today}; nothing is applied, because of these changes:\n${lines}\ndeploy them first, without --only-expired, or correct Keycloak`,
  );
}

/** Whether a change only disables the client of a customer whose last day of access is over. */
function isExpiry({ type, previous_address, change }: ResourceChange, today: string): boolean {
  const { before, after, actions, importing } = change;
  if (type !== clientType || previous_address !== undefined || importing !== undefined)
    return false;
  if (actions.join() !== "update" || differingNames(before, after).join() !== "enabled")
    return false;
  // only the clients of customers have it
  const { expires } = (after?.extra_config ?? {}) as { readonly expires?: string };
  return before?.enabled === true && after?.enabled === false && hasExpired(expires, today);
}
