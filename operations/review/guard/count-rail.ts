import { sorted } from "../compare/values.ts";
import { byEffect, countedKey, type CountedLoss, entityName, type Losses } from "./losses/loss.ts";
import {
  type Affected,
  type CountRefusal,
  nothingRefused,
  type OverrideSource,
  type Rails,
  type Verdict,
} from "./verdict.ts";

/**
 * Refuses losses of too many customers, roles and groups at once, and the loss of the last customer. Those whose losses are all covered by
 * trailers do not count, if there are no more others than the limits allow.
 */
export function countRail(losses: Losses, { limits, allowed, trailers }: Required<Rails>): Verdict {
  const found = tooMany(losses, losses.counted, limits);
  if (!found) return nothingRefused;
  const sources = new Map(losses.counted.map((loss) => [loss, trailers.get(countedKey(loss))]));
  const open = new Set(losses.counted.filter((loss) => !sources.get(loss)).map(nameOf));
  const rest = losses.counted.filter((loss) => open.has(nameOf(loss)));
  const refused = tooMany(losses, rest, limits);
  if (refused && allowed.many < open.size) return { refused: [refused], overridden: [] };
  const by = new Set<OverrideSource>(
    [...sources.values()].filter((source) => source !== undefined),
  );
  if (refused) by.add("option");
  return { refused: [], overridden: [{ ...found, by: [...by] }] };
}

function tooMany(
  { customersBefore, customersAfter, peopleBefore }: Losses,
  losses: readonly CountedLoss[],
  limits: Rails["limits"],
): CountRefusal | undefined {
  const affected = (isIncluded: (loss: CountedLoss) => boolean) =>
    sorted(new Set(losses.filter(isIncluded).map(nameOf)));
  const names = affected(() => true);
  const count = affected(({ holder }) => holder.kind === "customer").length;
  const customers = { affected: count, before: customersBefore };
  const people = { affected: names.length - count, before: peopleBefore };
  const found = {
    names,
    trailer: { key: "Allow-many" as const, value: String(names.length) },
    groups: byEffect((each) => affected(({ effect }) => effect === each)),
    ...{ customers, people, limits },
  };
  if (customersAfter === 0 && found.groups.removed.length > 0) return { code: "empty", ...found };
  // neither customers nor people are guarded less because there are many of the others
  const isPart = [customers, people].some((each) => exceeds(each, limits.percent));
  const isMany = isSeveral(names.length) && names.length > limits.customers;
  return isMany || isPart ? { code: "many", ...found } : undefined;
}

function exceeds({ affected, before }: Affected, percent: number): boolean {
  return isSeveral(affected) && (affected * 100) / before > percent;
}

/** A single loss is never too many: the report names it, so it is no accident. */
function isSeveral(count: number): boolean {
  return count > 1;
}

function nameOf({ holder }: CountedLoss): string {
  return entityName(holder);
}
