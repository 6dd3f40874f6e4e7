import { sorted } from "../compare/values.ts";
import { customerKey, type CustomerLoss, type Losses } from "./losses/loss.ts";
import {
  type CountRefusal,
  nothingRefused,
  type OverrideSource,
  type Rails,
  type Verdict,
} from "./verdict.ts";

/**
 * Refuses losses of too many customers at once, and the loss of the last one. Customers whose losses are all covered by trailers do
 * not count, if there are no more others than the limits allow.
 */
export function countRail(losses: Losses, { limits, allowed, trailers }: Required<Rails>): Verdict {
  const found = tooMany(losses, losses.customers, limits);
  if (!found) return nothingRefused;
  const sources = new Map(losses.customers.map((loss) => [loss, trailers.get(customerKey(loss))]));
  const open = new Set(
    losses.customers.filter((loss) => !sources.get(loss)).map(({ customer }) => customer),
  );
  const rest = losses.customers.filter(({ customer }) => open.has(customer));
  const refused = tooMany(losses, rest, limits);
  if (refused && allowed.many < open.size) return { refused: [refused], overridden: [] };
  const by = new Set<OverrideSource>(
    [...sources.values()].filter((source) => source !== undefined),
  );
  if (refused) by.add("option");
  return { refused: [], overridden: [{ ...found, by: [...by] }] };
}

function tooMany(
  { customersBefore, customersAfter }: Losses,
  losses: readonly CustomerLoss[],
  limits: Rails["limits"],
): CountRefusal | undefined {
  const names = sorted(new Set(losses.map(({ customer }) => customer)));
  const affected = (effect: CustomerLoss["effect"]) =>
    sorted(new Set(losses.filter((loss) => loss.effect === effect).map((each) => each.customer)));
  const found = {
    names,
    trailer: { key: "Allow-many" as const, value: String(names.length) },
    groups: {
      removed: affected("removed"),
      suspended: affected("suspended"),
      access: affected("access"),
    },
    customersBefore,
    limits,
  };
  if (customersAfter === 0 && found.groups.removed.length > 0) return { code: "empty", ...found };
  const percent = (names.length * 100) / customersBefore;
  // a single customer is never too many: the report names it, so it is no accident
  if (names.length < 2 || (names.length <= limits.customers && percent <= limits.percent))
    return undefined;
  return { code: "many", ...found };
}
