import type { PairedSides } from "../../compare/pairs.ts";
import type { Planned } from "../../../terraform/plan.ts";
import { customerLosses, customersIn } from "./customer-losses.ts";
import type { Losses } from "./loss.ts";
import { adoptionLosses, namedLosses } from "./named-losses.ts";
import { peopleIn, peopleLosses } from "./people-losses.ts";
import { transitionsOfPlan } from "./plan-transitions.ts";
import { type Transition, transitionsOfSides } from "./transitions.ts";

/** Losses of a declaration's change, found in the resources of both sides. */
export function lossesOfChange(sides: PairedSides): Losses {
  return lossesOf(transitionsOfSides(sides));
}

/**
 * Losses of a plan, by the values that terraform found in Keycloak. It does not matter whether a resource is still declared,
 * or at which address.
 */
export function lossesOfPlan({ changes, adopted }: Planned): Losses {
  const losses = lossesOf(transitionsOfPlan(changes));
  return { ...losses, named: [...losses.named, ...adoptionLosses(adopted)] };
}

function lossesOf(transitions: readonly Transition[]): Losses {
  return {
    customersBefore: customersIn(transitions, "before"),
    customersAfter: customersIn(transitions, "after"),
    peopleBefore: peopleIn(transitions),
    named: namedLosses(transitions),
    counted: [...customerLosses(transitions), ...peopleLosses(transitions)],
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
