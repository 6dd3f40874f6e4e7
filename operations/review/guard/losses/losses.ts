import { todayFrom } from "../../../../configuration/customers/today.ts";
import { customersBesides, customersLeftOut } from "../../compare/clients.ts";
import { realmLifespans, type RealmLifespans } from "../../compare/customers/lifespans.ts";
import { typeOf } from "../../compare/resources/entity.ts";
import type { PairedSides, Side } from "../../compare/resources/pairs.ts";
import type { Planned } from "../../../terraform/plan.ts";
import { customerLosses, customerNames, customersIn } from "./customer-losses.ts";
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
  return lossesOf(transitionsOfSides(sides), sides, customersLeftOut(sides.head), today);
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
  const transitions = transitionsOfPlan(changes, declared.renames);
  const planned = new Set(customerNames(transitions));
  // the plan of a stack without changes has no resources
  const others = customersBesides(planned, declared.head.declaration);
  const losses = lossesOf(transitions, declared, others, today);
  return { ...losses, named: [...losses.named, ...adoptionLosses(adopted)] };
}

/** @param others the number of customers that are in no transition, and stay as they are */
function lossesOf(
  transitions: readonly Transition[],
  { head }: Pick<PairedSides, "head">,
  others: number,
  today: string,
): Losses {
  const overlap = head.declaration.rotationOverlap;
  return {
    customersBefore: customersIn(transitions, "before") + others,
    customersAfter: customersIn(transitions, "after") + others,
    peopleBefore: peopleIn(transitions),
    named: namedLosses(transitions, overlap),
    counted: [
      ...customerLosses(transitions, { realm: lifespansOf(transitions, head), overlap, today }),
      ...peopleLosses(transitions),
    ],
  };
}

/** The lifespans of a realm. If it is in no transition, it stays as it is declared. */
function lifespansOf(transitions: readonly Transition[], { resources }: Side): RealmLifespans {
  const found = realmLifespans(transitions);
  if (found.before !== undefined || found.after !== undefined) return found;
  const declared = Object.entries(resources).flatMap(([address, values]) => {
    const realm = { address, type: typeOf(address), values };
    return realm.type === "keycloak_realm" ? [{ before: realm, after: realm }] : [];
  });
  return realmLifespans(declared);
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
