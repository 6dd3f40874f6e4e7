import { todayFrom } from "../../../../configuration/customers/today.ts";
import { customersLeftOut } from "../../compare/clients.ts";
import type { PairedSides } from "../../compare/resources/pairs.ts";
import type { Planned } from "../../../terraform/plan.ts";
import { customerLosses, customersIn } from "./customer-losses.ts";
import type { Losses } from "./loss.ts";
import { adoptionLosses, namedLosses } from "./named-losses.ts";
import { peopleIn, peopleLosses } from "./people-losses.ts";
import { transitionsOfPlan } from "./plan-transitions.ts";
import { type Transition, transitionsOfSides } from "./transitions.ts";

/**
 * Losses of a declaration's change, found in the resources of both sides.
 *
 * @param today the day of the change, from which an end of access is near
 */
export function lossesOfChange(sides: PairedSides, today = todayFrom(process.env)): Losses {
  return lossesOf(transitionsOfSides(sides), sides, today);
}

/**
 * Losses of a plan, by the values that terraform found in Keycloak. It does not matter whether a resource is still declared,
 * or at which address.
 *
 * @param declared the declaration that is planned
 * @param today the day of the apply, from which an end of access is near
 */
export function lossesOfPlan(
  { changes, adopted }: Planned,
  declared: Pick<PairedSides, "head" | "renames">,
  today = todayFrom(process.env),
): Losses {
  const losses = lossesOf(transitionsOfPlan(changes, declared.renames), declared, today);
  return { ...losses, named: [...losses.named, ...adoptionLosses(adopted)] };
}

function lossesOf(
  transitions: readonly Transition[],
  { head }: Pick<PairedSides, "head">,
  today: string,
): Losses {
  const overlap = head.declaration.rotationOverlap;
  const leftOut = customersLeftOut(head);
  return {
    customersBefore: customersIn(transitions, "before") + leftOut,
    customersAfter: customersIn(transitions, "after") + leftOut,
    peopleBefore: peopleIn(transitions),
    named: namedLosses(transitions, overlap),
    counted: [...customerLosses(transitions, overlap, today), ...peopleLosses(transitions)],
  };
}

/** Union of two losses, with the higher numbers before and the lower one after. */
export function combineLosses(a: Losses, b: Losses): Losses {
  return {
    customersBefore: Math.max(a.customersBefore, b.customersBefore),
    customersAfter: Math.min(a.customersAfter, b.customersAfter),
    peopleBefore: Math.max(a.peopleBefore, b.peopleBefore),
    named: [...a.named, ...b.named],
    counted: [...a.counted, ...b.counted],
  };
}
