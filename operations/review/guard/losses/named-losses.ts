import { isEntity, isOther, type Entity } from "../../compare/resources/entity.ts";
import type { DeclaredResource } from "../../compare/resources/pairs.ts";
import {
  getsNewSecret,
  hasSecret,
  isRotatedAtOnce,
  isSwitchedOff,
  movesRedirects,
  needsNewSecret,
} from "./attributes.ts";
import { entityName, type NamedLoss, type NamedRail } from "./loss.ts";
import {
  roleMapperType,
  roleScopeType,
  scopeListType,
  audienceMapperType,
  clientPolicyTypes,
} from "../../../../constructs/names/resource-types.ts";
import { endedEntities, goesWithAnother } from "./ended.ts";
import type { Transition } from "./transitions.ts";

/** Types of the resources that belong to a scope, without which it has less effect or none. */
const partTypes: readonly string[] = [audienceMapperType, roleMapperType, roleScopeType];

/**
 * Losses that are refused by name.
 *
 * @param overlap seconds for which a previous secret goes on working after a rotation; undefined if it ends at once
 */
export function namedLosses(
  transitions: readonly Transition[],
  overlap: number | undefined,
): NamedLoss[] {
  const ended = endedEntities(transitions);
  return transitions.flatMap((each) => {
    const { before } = each;
    if (!before || goesWithAnother(before, ended)) return [];
    if (before.type === scopeListType || isOther(before)) return lossesByAddress(before, each);
    const isNamed = isEntity(before) || partTypes.includes(before.type);
    if (!isNamed || before.entity.kind === "other") return [];
    const name = entityName(before.entity);
    return lostIn({ ...each, before }, overlap).map((rail) => ({ rail, name }));
  });
}

/**
 * Losses of what terraform imports although it may be somebody else's. A client with a secret gets a new one. The scopes, roles and groups
 * of an imported realm belong to it.
 */
export function adoptionLosses(adopted: readonly Entity[]): NamedLoss[] {
  const hasRealm = adopted.some(({ kind }) => kind === "realm");
  return adopted
    .filter(({ kind }) => !(hasRealm && ["scope", "role", "group"].includes(kind)))
    .map((entity) => ({
      rail: entity.kind === "customer" || entity.kind === "API" ? "new-secret" : "adoption",
      name: entityName(entity),
      isAdoption: true,
    }));
}

interface Ending extends Transition {
  readonly before: DeclaredResource;
}

function lostIn(
  { before, after, isRecreated, isImported }: Ending,
  overlap: number | undefined,
): NamedRail[] {
  const { kind, name } = before.entity;
  const isCustomer = kind === "customer";
  if (!after) {
    if (!isCustomer) return ["removal"];
    return before.values.enabled === false ? [] : ["not-suspended"];
  }
  // what somebody else's object loses by an import is one loss, the adoption
  if (isImported) return [];
  // the name of a mapper has no effect, a realm with another name is recreated, and a group that has no list of roles any more is no entity
  const hasNoList = kind === "group" && after.entity.kind !== "group";
  const isNamed = kind !== "realm" && !partTypes.includes(before.type) && !hasNoList;
  if (isNamed && name !== after.entity.name) return [isCustomer ? "new-secret" : "removal"];
  if (isRecreated) return [hasSecret(before) ? "new-secret" : "replacement"];
  const hasNewSecret = isCustomer
    ? needsNewSecret(before.values, after.values) ||
      isRotatedAtOnce(before.values, after.values, overlap)
    : getsNewSecret(before.values, after.values);
  return [
    ...(hasNewSecret ? ["new-secret" as const] : []),
    ...(!isCustomer && isSwitchedOff(before.values, after.values) ? ["switched-off" as const] : []),
    ...(movesRedirects(before.values, after.values) ? ["redirect" as const] : []),
  ];
}

/**
 * Losses of a resource that has no name but its address: a list of default scopes, or another resource of `main.ts`. If a list is recreated,
 * its client may end up without scopes. If a realm role is, nobody has it any more. A client policy that is recreated is the same.
 */
function lossesByAddress(
  { address, type }: DeclaredResource,
  { after, isRecreated }: Transition,
): NamedLoss[] {
  if (!after) return [{ rail: "removal", name: address }];
  return isRecreated && !clientPolicyTypes.includes(type)
    ? [{ rail: "replacement", name: address }]
    : [];
}
