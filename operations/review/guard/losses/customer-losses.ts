import { builtInScopes } from "../../../../constructs/names/reserved-names.ts";
import { type Entity, entityKey } from "../../compare/resources/entity.ts";
import type { DeclaredResource } from "../../compare/resources/pairs.ts";
import { type Circumstances, credentialEffects, isExpired } from "./credential-losses.ts";
import type { CountedLoss } from "./loss.ts";
import { clientType, scopeListType } from "../../../../constructs/names/resource-types.ts";
import type { Transition } from "./transitions.ts";

/** The number of customers before or after. */
export function customersIn(transitions: readonly Transition[], side: "before" | "after"): number {
  return transitions.filter((each) => isCustomer(each[side])).length;
}

/** The client ids of customers, before or after. */
export function customerNames(transitions: readonly Transition[]): string[] {
  return transitions
    .flatMap(({ before, after }) => [before, after])
    .filter(isCustomer)
    .map(({ entity }) => entity.name);
}

/** Losses of customers, which are counted. */
export function customerLosses(
  transitions: readonly Transition[],
  circumstances: Circumstances,
): CountedLoss[] {
  const { today } = circumstances;
  const staying = new Map<string, Transition>();
  const losses = transitions.flatMap((each): CountedLoss[] => {
    const { before, after } = each;
    if (!isCustomer(before)) return [];
    const holder = customer(before.entity.name);
    if (after?.entity.name !== holder.name) return [{ holder, effect: "removed" }];
    staying.set(entityKey(before.entity), each);
    const isSuspended = isActive(before) && !isActive(after) && !isExpired(each, today);
    const effects =
      each.isRecreated || each.isImported ? [] : credentialEffects(before, after, circumstances);
    return [...(isSuspended ? ["suspended" as const] : []), ...effects].map((effect) => ({
      holder,
      effect,
    }));
  });
  const lists = transitions.filter(({ before, after }) => {
    if (before?.type !== scopeListType) return false;
    const client = staying.get(entityKey(before.entity));
    // a plan does not tell which list a recreated client gets
    return client !== undefined && (after !== undefined || !client.isRecreated);
  });
  return [...losses, ...lists.flatMap(lostAccess)];
}

/** Scopes that leave the list of a client's scopes, except those that Keycloak has in every realm: they give no access. */
function lostAccess({ before, after }: Transition): CountedLoss[] {
  if (!before) return [];
  const isSameList = after?.entity.name === before.entity.name;
  const kept = new Set([...builtInScopes, ...(after && isSameList ? scopes(after) : [])]);
  return scopes(before)
    .filter((scope) => !kept.has(scope))
    .map((lost) => ({ holder: customer(before.entity.name), effect: "access", lost }));
}

function customer(name: string): Entity & { readonly kind: "customer" } {
  return { kind: "customer", name };
}

function scopes({ values }: DeclaredResource): string[] {
  return Array.isArray(values.default_scopes) ? values.default_scopes.map(String) : [];
}

function isCustomer(resource: DeclaredResource | undefined): resource is DeclaredResource {
  return resource?.type === clientType && resource.entity.kind === "customer";
}

/** Whether a client gets tokens of its own. */
function isActive({ values }: DeclaredResource): boolean {
  return values.enabled !== false && values.service_accounts_enabled === true;
}
