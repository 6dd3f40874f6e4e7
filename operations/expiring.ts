import {
  daysLeft,
  endedLongAgo,
  endOfAccess,
  hasExpired,
} from "../configuration/customers/expiry.ts";

/** A customer whose access ends soon, or ended recently. */
export interface ExpiringCustomer {
  readonly id: string;
  /** The last day of access, in UTC. */
  readonly expires: string;
  /** The instant at which access ends, in UTC: `2027-07-01T00:00:00Z`. */
  readonly end: string;
  /** Whether access has ended. The customer keeps it until a deploy. */
  readonly hasEnded: boolean;
}

/**
 * The customers whose access ends within 30 days, or ended in the last 30, the first to end first. No declaration knows whether a deploy has
 * suspended a customer since.
 *
 * @param lastDays the last day of access, by customer
 */
export function expiringCustomers(
  lastDays: ReadonlyMap<string, string>,
  today: string,
): ExpiringCustomer[] {
  return [...lastDays]
    .filter(
      ([, expires]) => daysLeft(expires, today) !== undefined && !endedLongAgo(expires, today),
    )
    .map(([id, expires]) => ({
      ...{ id, expires, end: endOfAccess(expires), hasEnded: hasExpired(expires, today) },
    }))
    .sort((a, b) => a.expires.localeCompare(b.expires) || a.id.localeCompare(b.id));
}
