import type { IdentifiedCustomer } from "../constructs/declaration.ts";

/** Days before the end of a customer's access from which on it is announced. */
const announcedDays = 30;

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
  const last = dayAfter(today, announcedDays);
  return customers
    .flatMap(({ id, expires }) => (expires === undefined ? [] : [{ id, expires }]))
    .filter(({ expires }) => today <= expires && expires <= last)
    .map(({ id, expires }) => ({ id, expires, end: `${dayAfter(expires, 1)}T00:00:00Z` }))
    .sort((a, b) => a.expires.localeCompare(b.expires) || a.id.localeCompare(b.id));
}

function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, day.length);
}
