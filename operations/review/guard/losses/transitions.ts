import {
  type DeclaredResource,
  isReaddressed,
  isRealmRecreated,
  type PairedSides,
} from "../../compare/resources/pairs.ts";

/** A resource before and after a change; one of the two is missing if it is added or removed. */
export interface Transition {
  readonly before?: DeclaredResource;
  readonly after?: DeclaredResource;
  /** Whether terraform deletes it and creates it again. */
  readonly isRecreated: boolean;
  /** Whether terraform imports it. */
  readonly isImported: boolean;
}

/** The resources of two declarations. If the realm is recreated, everything in it is. */
export function transitionsOfSides(sides: PairedSides): Transition[] {
  const isWhole = isRealmRecreated(sides);
  return sides.pairs.map((pair) => ({
    ...pair,
    isRecreated:
      pair.before !== undefined &&
      pair.after !== undefined &&
      (isWhole || isReaddressed(pair, sides)),
    isImported: false,
  }));
}
