import { type DeclaredResource, isReaddressed, type PairedSides } from "../../compare/pairs.ts";

/** A resource before and after a change; one of the two is missing if it is added or removed. */
export interface Transition {
  readonly before?: DeclaredResource;
  readonly after?: DeclaredResource;
  /** Whether terraform deletes it and creates it again. */
  readonly isRecreated: boolean;
  /** Whether terraform imports it. */
  readonly isImported: boolean;
}

/** Terraform's type of a client. */
export const clientType = "keycloak_openid_client";

/** Terraform's type of a client's list of default scopes. */
export const scopeListType = "keycloak_openid_client_default_scopes";

/** The resources of two declarations. If the realm is recreated, everything in it is. */
export function transitionsOfSides(sides: PairedSides): Transition[] {
  const isRealmRecreated = sides.pairs.some(
    (pair) =>
      pair.before?.type === "keycloak_realm" &&
      pair.after !== undefined &&
      (isReaddressed(pair, sides) || pair.before.values.realm !== pair.after.values.realm),
  );
  return sides.pairs.map((pair) => ({
    ...pair,
    isRecreated:
      pair.before !== undefined &&
      pair.after !== undefined &&
      (isRealmRecreated || isReaddressed(pair, sides)),
    isImported: false,
  }));
}
