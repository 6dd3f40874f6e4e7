import { entityKey, isOtherType, type Entity } from "../../compare/entity.ts";
import type { DeclaredResource } from "../../compare/pairs.ts";
import { getsNewSecret, hasSecret, isSwitchedOff, movesRedirects } from "./attributes.ts";
import { entityName, type NamedLoss, type NamedRail } from "./loss.ts";
import { clientType, scopeListType } from "../../../../constructs/names/resource-types.ts";
import type { Transition } from "./transitions.ts";

const mapperType = "keycloak_openid_audience_protocol_mapper";

/** Types of the resources whose losses are refused by name, except those by address. */
const guardedTypes: ReadonlySet<string> = new Set([
  "keycloak_realm",
  clientType,
  "keycloak_openid_client_scope",
  mapperType,
]);

/** Losses that are refused by name. */
export function namedLosses(transitions: readonly Transition[]): NamedLoss[] {
  const ended = new Set(
    transitions.flatMap(({ before, after, isRecreated }) =>
      before?.type === clientType && (!after || isRecreated) ? [entityKey(before.entity)] : [],
    ),
  );
  return transitions.flatMap((each) => {
    const { before } = each;
    if (!before) return [];
    if (before.type === scopeListType || isOtherType(before.type))
      return ended.has(entityKey(before.entity)) ? [] : lossesByAddress(before, each);
    if (!guardedTypes.has(before.type) || before.entity.kind === "other") return [];
    const name = entityName(before.entity);
    return lostIn({ ...each, before }).map((rail) => ({ rail, name }));
  });
}

/**
 * Losses of what terraform imports although it may be somebody else's. A client with a secret gets a new one. The scopes of an imported
 * realm belong to it.
 */
export function adoptionLosses(adopted: readonly Entity[]): NamedLoss[] {
  const hasRealm = adopted.some(({ kind }) => kind === "realm");
  return adopted
    .filter(({ kind }) => !(hasRealm && kind === "scope"))
    .map((entity) => ({
      rail: entity.kind === "customer" || entity.kind === "API" ? "new-secret" : "adoption",
      name: entityName(entity),
      isAdoption: true,
    }));
}

interface Ending extends Transition {
  readonly before: DeclaredResource;
}

function lostIn({ before, after, isRecreated, isImported }: Ending): NamedRail[] {
  const { kind, name } = before.entity;
  const isCustomer = kind === "customer";
  if (!after) {
    if (!isCustomer) return ["removal"];
    return before.values.enabled === false ? [] : ["not-suspended"];
  }
  // what somebody else's object loses by an import is one loss, the adoption
  if (isImported) return [];
  // the name of a mapper has no effect, and a realm with another name is recreated
  const isNamed = kind !== "realm" && before.type !== mapperType;
  if (isNamed && name !== after.entity.name) return [isCustomer ? "new-secret" : "removal"];
  if (isRecreated) return [hasSecret(before) ? "new-secret" : "replacement"];
  return [
    ...(getsNewSecret(before.values, after.values) ? ["new-secret" as const] : []),
    ...(!isCustomer && isSwitchedOff(before.values, after.values) ? ["switched-off" as const] : []),
    ...(movesRedirects(before.values, after.values) ? ["redirect" as const] : []),
  ];
}

/**
 * Losses of a resource that has no name but its address: a list of default scopes, or another resource of `main.ts`. If a list is recreated,
 * its client may end up without scopes. If a role or a group is, nobody has it any more.
 */
function lossesByAddress(
  { address }: DeclaredResource,
  { after, isRecreated }: Transition,
): NamedLoss[] {
  if (!after) return [{ rail: "removal", name: address }];
  return isRecreated ? [{ rail: "replacement", name: address }] : [];
}
