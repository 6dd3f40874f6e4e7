import { allPermissionsRole } from "../../../constructs/names/reserved-names.ts";
import { clientType, roleType, scopeType } from "../../../constructs/names/resource-types.ts";
import { rolesScopeName } from "../../../constructs/names/roles-scope-name.ts";
import type { RoleChange, RolesChange } from "./declaration-change.ts";
import type { DeclaredResource, Pair, PairedSides } from "./resources/pairs.ts";
import { roleName } from "./resources/entity.ts";
import { sorted } from "./values.ts";

/** A role of an API, by its name there. */
export interface ApiRole {
  /** The API's client id. */
  readonly api: string;
  readonly role: string;
}

/** A role of an API from its resource; undefined if the resource is none. */
export function apiRole(resource: DeclaredResource | undefined): ApiRole | undefined {
  if (resource?.type !== roleType || resource.entity.kind !== "role") return undefined;
  const role = String(resource.values.name);
  return { api: resource.entity.name.slice(0, -role.length - 1), role };
}

/** The roles in a list of a resource: by name if they are roles of an API, `atlas-api/clerk`, and otherwise as the list has them. */
export function rolesIn(list: unknown): string[] {
  const roles: readonly unknown[] = Array.isArray(list) ? list : [];
  return roles
    .filter((each) => typeof each === "string")
    .map((each) => /^\$\{role (.*)\}$/s.exec(each)?.[1] ?? each);
}

/** The roles of one side by the names that {@link rolesIn} gives. */
export function rolesByName(
  pairs: readonly Pair[],
  side: keyof Pair,
): ReadonlyMap<string, ApiRole> {
  return new Map(
    pairs.flatMap(({ [side]: each }) => {
      const role = apiRole(each);
      return each && role ? [[each.entity.name, role] as const] : [];
    }),
  );
}

/** A role of people; undefined if a resource is none, or the role that limits which roles tokens may contain. */
export function roleOfPeople(resource: DeclaredResource | undefined): ApiRole | undefined {
  const role = apiRole(resource);
  return role?.role === allPermissionsRole ? undefined : role;
}

/** Whether a pair is a role of people that stays. */
export function isStayingRole({ before, after }: Pair): boolean {
  return (
    roleOfPeople(before) !== undefined &&
    roleOfPeople(after) !== undefined &&
    before?.entity.name === after?.entity.name
  );
}

/** Compares the roles of two declarations, as their resources declare them. */
export function rolesChange({ pairs }: PairedSides): RolesChange {
  const read = { before: reader(pairs, "before"), after: reader(pairs, "after") };
  const added: RoleChange[] = [];
  const removed: RoleChange[] = [];
  const changed: RoleChange[] = [];
  for (const pair of pairs) {
    const role = roleOfPeople(pair.after ?? pair.before);
    if (!role || (pair.before && pair.after && !isStayingRole(pair))) continue;
    const [old, now] = [read.before(pair.before), read.after(pair.after)];
    const gained = now.filter((name) => !old.includes(name));
    const lost = old.filter((name) => !now.includes(name));
    if (gained.length + lost.length === 0) continue;
    const change = { ...role, gained, lost };
    if (!pair.before) added.push(change);
    else if (!pair.after) removed.push(change);
    else changed.push(change);
  }
  for (const list of [added, removed, changed]) list.sort(byName);
  const staying = pairs.flatMap(({ before, after }) =>
    before?.type === clientType && after?.entity.kind === "API" ? [after.entity.name] : [],
  );
  const [before, after] = [scopesOf(pairs, "before"), scopesOf(pairs, "after")];
  const changes = (from: ReadonlySet<string>, to: ReadonlySet<string>) =>
    sorted(staying.filter((api) => to.has(rolesScopeName(api)) && !from.has(rolesScopeName(api))));
  return {
    ...{ added, removed, changed },
    needed: changes(before, after),
    noLongerNeeded: changes(after, before),
  };
}

/** Reads the permissions that a role grants. A role of another API has the API before its name. */
function reader(
  pairs: readonly Pair[],
  side: keyof Pair,
): (resource: DeclaredResource | undefined) => string[] {
  const known = rolesByName(pairs, side);
  return (resource) => {
    const own = apiRole(resource);
    return sorted(
      rolesIn(resource?.values.composite_roles).map((name) => {
        const granted = known.get(name);
        return granted && granted.api === own?.api ? granted.role : name;
      }),
    );
  };
}

/** The names of the client scopes that show the roles of APIs. */
function scopesOf(pairs: readonly Pair[], side: keyof Pair): ReadonlySet<string> {
  return new Set(
    pairs.flatMap(({ [side]: each }) => (each?.type === scopeType ? [each.entity.name] : [])),
  );
}

function byName(a: ApiRole, b: ApiRole): number {
  return roleName(a.api, a.role) < roleName(b.api, b.role) ? -1 : 1;
}
