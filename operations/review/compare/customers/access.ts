import type { Access, RealmDeclaration } from "../../../../constructs/declaration.ts";
import { audienceScopeName } from "../../../../constructs/names/audience-scope-name.ts";
import { rolesScopeName } from "../../../../constructs/names/roles-scope-name.ts";
import type { AccessChange, ApiAccess } from "../declaration-change.ts";
import { sorted } from "../values.ts";

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

/**
 * Sorts the client scopes in a list by their effect. The APIs are those of the declaration on the same side. At an API with roles, people
 * have no permission if the frontend's tokens do not show what their roles permit.
 *
 * @param ofPeople whether people sign in through the client
 */
export function scopesByEffect(
  list: unknown,
  { apis, roles = {} }: Pick<RealmDeclaration, "apis" | "roles">,
  ofPeople: boolean,
): ScopesByEffect {
  const scopes: readonly unknown[] = Array.isArray(list) ? list : [];
  const access: Record<string, readonly string[]> = {};
  const effective = new Set<unknown>();
  for (const [api, declared] of Object.entries(apis)) {
    if (!scopes.includes(audienceScopeName(api))) continue;
    const permissions = declared.filter((name) => scopes.includes(name));
    const needsRoles = ofPeople && permissions.length > 0 && Object.hasOwn(roles, api);
    const isUseless = needsRoles && !scopes.includes(rolesScopeName(api));
    access[api] = isUseless ? [] : permissions;
    for (const scope of [audienceScopeName(api), ...permissions]) effective.add(scope);
    if (needsRoles) effective.add(rolesScopeName(api));
  }
  return { access, others: scopes.filter((scope) => !effective.has(scope)) };
}
