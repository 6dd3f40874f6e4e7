import type { Access, RealmDeclaration } from "../../../constructs/declaration.ts";
import { audienceScopeName } from "../../../constructs/names/audience-scope-name.ts";
import type { AccessChange, ApiAccess } from "./declaration-change.ts";
import { sorted } from "./values.ts";

/** Access that a client gains and loses; undefined if neither. */
export function accessChange(id: string, before: Access, after: Access): AccessChange | undefined {
  const change = { id, gained: addedAccess(before, after), lost: addedAccess(after, before) };
  return change.gained.length + change.lost.length > 0 ? change : undefined;
}

/** Access that is in the second argument and not in the first. */
export function addedAccess(before: Access, after: Access): ApiAccess[] {
  return sorted(Object.keys(after)).flatMap((api) => {
    const had = Object.hasOwn(before, api) ? before[api] : undefined;
    const permissions = sorted(after[api] ?? []).filter((name) => !had?.includes(name));
    return had && permissions.length === 0
      ? []
      : [{ api, audience: had === undefined, permissions }];
  });
}

/** The client scopes in a list, by their effect. */
export interface ScopesByEffect {
  /** The access that they give together. */
  readonly access: Access;
  /** All others: built-in scopes, and permissions without the audience of their API. */
  readonly others: readonly unknown[];
}

/** Sorts the client scopes in a list by their effect. The APIs are those of the declaration on the same side. */
export function scopesByEffect(
  list: unknown,
  { apis }: Pick<RealmDeclaration, "apis">,
): ScopesByEffect {
  const scopes: readonly unknown[] = Array.isArray(list) ? list : [];
  const access = Object.fromEntries(
    Object.entries(apis)
      .filter(([api]) => scopes.includes(audienceScopeName(api)))
      .map(([api, permissions]) => [api, permissions.filter((name) => scopes.includes(name))]),
  );
  const effective = new Set<unknown>(
    Object.entries(access).flatMap(([api, permissions]) => [
      audienceScopeName(api),
      ...permissions,
    ]),
  );
  return { access, others: scopes.filter((scope) => !effective.has(scope)) };
}
