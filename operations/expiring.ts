import { daysLeft, endOfAccess } from "../configuration/customers/expiry.ts";
import type { IdentifiedCustomer } from "../constructs/declaration.ts";

/** A customer whose access ends soon. */
export interface ExpiringCustomer {
  readonly id: string;
  /** The last day of access, in UTC. */
  readonly expires: string;
  /** The instant at which access ends, in UTC: `2027-07-01T00:00:00Z`. */
  readonly end: string;
}

/** The customers whose access ends within 30 days, and has not ended yet, the first to end first. */
export function expiringCustomers(
  customers: readonly IdentifiedCustomer[],
  today: string,
): ExpiringCustomer[] {
  return customers
    .flatMap(({ id, expires }) => (expires === undefined ? [] : [{ id, expires }]))
    .filter(({ expires }) => (daysLeft(expires, today) ?? 0) > 0)
    .map(({ id, expires }) => ({ id, expires, end: endOfAccess(expires) }))
    .sort((a, b) => a.expires.localeCompare(b.expires) || a.id.localeCompare(b.id));
}
