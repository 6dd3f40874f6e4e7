import { secondsIn } from "../../../terraform/duration.ts";
import type { Credentials } from "./credentials.ts";
import type { DeclaredResource, Pair } from "../resources/pairs.ts";

/** Seconds that access tokens of the realm work on each side; undefined if it is not known, as of a realm that exists already. */
export type RealmLifespans = Readonly<Record<keyof Pair, number | undefined>>;

/** What becomes of the lifespan of a customer's tokens. */
export type LifespanEffect = "shorter" | "longer" | "same" | "unknown";

type RealmPair = Readonly<Partial<Record<keyof Pair, Pick<DeclaredResource, "type" | "values">>>>;

/** The lifespans of a realm, as its resource declares them. */
export function realmLifespans(pairs: readonly RealmPair[]): RealmLifespans {
  const realms = pairs.filter(({ before, after }) => (after ?? before)?.type === "keycloak_realm");
  const lifespan = (side: keyof Pair) => {
    const [found] = realms.flatMap(
      ({ [side]: realm }) => realm?.values.access_token_lifespan ?? [],
    );
    return typeof found === "string" ? secondsIn(found) : undefined;
  };
  return { before: lifespan("before"), after: lifespan("after") };
}

/** Compares how long a customer's tokens work: its own lifespan, or else the realm's. */
export function lifespanEffect(
  { tokenLifespan: before }: Credentials,
  { tokenLifespan: after }: Credentials,
  realm: RealmLifespans,
): LifespanEffect {
  if (before === after) return "same";
  const [old, now] = [before ?? realm.before, after ?? realm.after];
  if (old === undefined || now === undefined) return "unknown";
  if (old === now) return "same";
  return now < old ? "shorter" : "longer";
}
