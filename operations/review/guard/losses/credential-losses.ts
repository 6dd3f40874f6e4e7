import { daysLeft } from "../../../../configuration/customers/expiry.ts";
import { credentialsIn } from "../../compare/customers/credentials.ts";
import {
  bindsTokens,
  changesIdentity,
  endsEarlier,
  losesKeys,
  rotates,
} from "../../compare/customers/credential-changes.ts";
import { lifespanEffect, type RealmLifespans } from "../../compare/customers/lifespans.ts";
import type { DeclaredResource } from "../../compare/resources/pairs.ts";
import { isRotatedAtOnce, needsNewSecret } from "./attributes.ts";
import type { CountedLoss } from "./loss.ts";
import type { Transition } from "./transitions.ts";

/** What the losses of all customers of a change depend on. */
export interface Circumstances {
  readonly realm: RealmLifespans;
  /** Seconds for which a previous secret goes on working after a rotation; undefined if it ends at once. */
  readonly overlap: number | undefined;
  /** The day of the change, from which an end of access is near. */
  readonly today: string;
}

/**
 * Losses by changed credentials of a customer that stays. A new secret that is refused by its own name is not counted as well. A lifespan
 * that may be shorter counts as shorter.
 */
export function credentialEffects(
  before: DeclaredResource,
  after: DeclaredResource,
  { realm, overlap, today }: Circumstances,
): CountedLoss["effect"][] {
  const [old, now] = [credentialsIn(before.values), credentialsIn(after.values)];
  const isNamed =
    needsNewSecret(before.values, after.values) ||
    isRotatedAtOnce(before.values, after.values, overlap);
  const isNear = now.expires !== null && daysLeft(now.expires, today) !== undefined;
  const found: Readonly<Partial<Record<CountedLoss["effect"], boolean>>> = {
    renamed: before.values.client_id !== after.values.client_id,
    method: changesIdentity(old, now) && !isNamed,
    keys: losesKeys(old, now),
    binding: bindsTokens(old, now),
    lifespan: ["shorter", "unknown"].includes(lifespanEffect(old, now, realm)),
    expiry: endsEarlier(old, now) && isNear,
    rotation: rotates(old, now) && !isNamed,
  };
  return (Object.keys(found) as CountedLoss["effect"][]).filter((effect) => found[effect]);
}

/** Whether a suspension was announced: the last day of access has passed, and was already the same before. */
export function isExpired({ before, after }: Transition, today: string): boolean {
  const [old, now] = [before, after].map((each) => each && credentialsIn(each.values).expires);
  return typeof now === "string" && old === now && now < today;
}
