import { audienceScopeName } from "../../../../constructs/names/audience-scope-name.ts";
import {
  clientType,
  groupType,
  roleMapperType,
  roleScopeType,
  roleType,
  scopeListType,
  scopeType,
} from "../../../../constructs/names/resource-types.ts";
import { rolesScopeName } from "../../../../constructs/names/roles-scope-name.ts";
import { entityKey, isEntity, isOther } from "../../compare/resources/entity.ts";
import type { DeclaredResource } from "../../compare/resources/pairs.ts";
import { apiRole, roleOfPeople, rolesIn } from "../../compare/roles.ts";
import type { Transition } from "./transitions.ts";

const takingTypes: readonly string[] = [clientType, scopeType, roleType, groupType];

/** The keys of the clients, scopes, roles and groups that are removed or recreated, and that take others with them. */
export function endedEntities(transitions: readonly Transition[]): ReadonlySet<string> {
  return new Set(
    transitions.flatMap(({ before, after, isRecreated }) =>
      before && takingTypes.includes(before.type) && isEntity(before) && (!after || isRecreated)
        ? [entityKey(before.entity)]
        : [],
    ),
  );
}

/**
 * Whether the loss of a resource is part of another loss, which is refused by its own name. A client takes its lists and roles with it, a
 * permission its role, a scope its mapper, and a group the groups below it.
 */
export function goesWithAnother(before: DeclaredResource, ended: ReadonlySet<string>): boolean {
  const { type, entity, values } = before;
  if (type === scopeListType || isOther(before)) return ended.has(entityKey(entity));
  switch (type) {
    case roleType:
      return roleGoesWithAnother(before, ended);
    case roleMapperType:
      return ended.has(entityKey(entity));
    case roleScopeType: {
      const [role = ""] = rolesIn([values.role_id]);
      return ended.has(entityKey(entity)) || ended.has(entityKey({ kind: "role", name: role }));
    }
    case groupType:
      return [...entity.name.matchAll(/\//g)].some(({ index }) =>
        ended.has(entityKey({ kind: "group", name: entity.name.slice(0, index) })),
      );
    default:
      return false;
  }
}

/**
 * The role of a permission, which grants nothing else, goes with the permission. It goes with the scope that shows the API's roles too, like
 * the role of all permissions.
 */
function roleGoesWithAnother(before: DeclaredResource, ended: ReadonlySet<string>): boolean {
  const found = apiRole(before);
  if (!found) return false;
  const { api, role } = found;
  if (ended.has(entityKey({ kind: "API", name: api }))) return true;
  if (roleOfPeople(before) && rolesIn(before.values.composite_roles).length > 0) return false;
  return [role, rolesScopeName(api)].some((name) => ended.has(entityKey({ kind: "scope", name })));
}

/** The scopes of an API that have no other use, so that an API takes them with it. */
export function scopesOfApi(api: string): string[] {
  return [audienceScopeName(api), rolesScopeName(api)];
}
