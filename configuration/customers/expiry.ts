import { instantText } from "../../text/instant.ts";
import { plural } from "../../text/plural.ts";

/** Days before the end of a customer's access from which on it is announced, and days after it until which it is. */
const announcedDays = 30;

const dayLength = 24 * 60 * 60 * 1_000;

/**
 * The instant at which access ends, in UTC: the start of the day after the last one, `2027-07-01T00:00:00Z`. A text that is no day, which
 * somebody may have written in Keycloak, is returned as it is.
 */
export function endOfAccess(expires: string): string {
  const lastDay = Date.parse(expires);
  if (Number.isNaN(lastDay)) return expires;
  return instantText((lastDay + dayLength) / 1_000);
}

/** Whether the last day of access is before a day. */
export function hasExpired(expires: string | undefined, today: string): boolean {
  return expires !== undefined && expires < today;
}

/** Days for which a customer still has access, today included; undefined if they are more than are announced. */
export function daysLeft(expires: string, today: string): number | undefined {
  const days = daysUntilEnd(expires, today);
  return days > announcedDays + 1 ? undefined : Math.max(days, 0);
}

/** Whether access ended more than 30 days ago. */
export function endedLongAgo(expires: string, today: string): boolean {
  return daysUntilEnd(expires, today) < -announcedDays;
}

/** Days until the instant at which access ends, today included; negative after it. */
function daysUntilEnd(expires: string, today: string): number {
  return Math.round((Date.parse(expires) - Date.parse(today)) / dayLength) + 1;
}

/** Warning about a last day of access that is near or over; undefined if there is nothing to say. */
export function expiryWarning(expires: string, today: string): string | undefined {
  const days = daysLeft(expires, today);
  if (days === undefined) return undefined;
  return days === 0
    ? `access ended at ${endOfAccess(expires)}, so the customer is suspended; set a later day, or remove the entry`
    : `access ends at ${endOfAccess(expires)}, in less than ${plural(days, "day")}; set a later day, or let it end`;
}
