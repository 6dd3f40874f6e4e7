import type { Entity } from "../../compare/resources/entity.ts";
import { nameKey, type NamedTrailer } from "../allowed.ts";

/** Guard rails that refuse each loss by its name, in the order of a report, with the trailer that overrides each. */
export const namedRails = {
  removal: "Allow-removal",
  "not-suspended": "Allow-removal",
  "switched-off": "Allow-removal",
  replacement: "Allow-replacement",
  adoption: "Allow-replacement",
  "new-secret": "Allow-new-secret",
  redirect: "Allow-redirect",
} as const satisfies Record<string, NamedTrailer>;

/** Guard rail that refuses each loss by its name. */
export type NamedRail = keyof typeof namedRails;

/** A loss that a guard rail refuses by its name. */
export interface NamedLoss {
  readonly rail: NamedRail;
  /** The affected entity: a customer by its id, everything else with its kind before the name. */
  readonly name: string;
  /** Whether terraform would import it. No commit does that, so no trailer covers it. */
  readonly isAdoption?: true;
}

/** Effects of losses that are counted, in the order of a report. */
export const countedEffects = [
  /** A customer's client is deleted. */
  "removed",
  /** A customer gets no token any more, earlier than its entry announced. */
  "suspended",
  /** A customer loses a client scope, a role a permission, or a group a role. */
  "access",
  /** A customer has to use another client id. */
  "renamed",
  /** A customer has to authenticate in another way. */
  "method",
  /** A customer may not use a key any more. */
  "keys",
  /** A customer's tokens are bound to a key. */
  "binding",
  /** A customer's tokens end earlier. */
  "lifespan",
  /** A customer's access ends earlier, and soon. */
  "expiry",
  /** A customer gets a new secret, and the previous one goes on working for a while. */
  "rotation",
] as const;

/** A loss of a customer, or of the people with a role or in a group. Entities with one are counted. */
export interface CountedLoss {
  readonly holder: Entity & { readonly kind: "customer" | "role" | "group" };
  readonly effect: (typeof countedEffects)[number];
  /** The lost client scope, which gives a permission or an audience, or the lost role. */
  readonly lost?: string;
}

/** Losses of a declaration's change or of terraform's plan, in the terms of the guard rails. */
export interface Losses {
  /** The number of customers before. */
  readonly customersBefore: number;
  /** The number of customers after. */
  readonly customersAfter: number;
  /** The number of roles and groups before, without the roles of permissions. */
  readonly peopleBefore: number;
  readonly named: readonly NamedLoss[];
  readonly counted: readonly CountedLoss[];
}

/** A value for each effect. */
export function byEffect<T>(
  valueOf: (effect: CountedLoss["effect"]) => T,
): Record<CountedLoss["effect"], T> {
  const entries: [string, T][] = countedEffects.map((effect) => [effect, valueOf(effect)]);
  return Object.fromEntries(entries) as Record<CountedLoss["effect"], T>;
}

/** Name of something in a trailer: a customer by its id only, so that no trailer can mean two things. */
export function entityName({ kind, name }: Entity): string {
  return kind === "customer" || kind === "other" ? name : `${kind} ${name}`;
}

/** Key of a loss, as a trailer names it. Losses of several guard rails with the same trailer and name have the same key. */
export function namedKey({ rail, name }: NamedLoss): string {
  return nameKey(namedRails[rail], name);
}

/** Key of a loss that is counted. */
export function countedKey({ holder, effect, lost = "" }: CountedLoss): string {
  return JSON.stringify([effect, entityName(holder), lost]);
}

/** Whether a key is that of a loss that is counted. */
export function isCountedKey(key: string): boolean {
  return key.startsWith("[");
}
