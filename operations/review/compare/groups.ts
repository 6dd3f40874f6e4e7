import { groupRolesType, groupType } from "../../../constructs/names/resource-types.ts";
import type { GroupChange, GroupsChange, RolesOfApi } from "./declaration-change.ts";
import type { Pair, PairedSides } from "./resources/pairs.ts";
import { type ApiRole, rolesByName, rolesIn } from "./roles.ts";
import { sorted } from "./values.ts";

/** Whether a pair is a list of a group's roles that stays. */
export function isStayingGroupList({ before, after }: Pair): boolean {
  return (
    before?.type === groupRolesType &&
    after?.type === groupRolesType &&
    before.entity.kind === "group" &&
    after.entity.kind === "group"
  );
}

/** Compares the groups of two declarations, as their resources declare them. */
export function groupsChange({ pairs }: PairedSides): GroupsChange {
  const lists = { before: rolesByGroup(pairs, "before"), after: rolesByGroup(pairs, "after") };
  const known = { before: rolesByName(pairs, "before"), after: rolesByName(pairs, "after") };
  const added: GroupChange[] = [];
  const removed: GroupChange[] = [];
  const changed: GroupChange[] = [];
  for (const { before, after } of pairs) {
    const group = [after, before].find(
      (side) => side?.type === groupType && side.entity.kind === "group",
    );
    if (!group) continue;
    const old = lists.before.get(before?.entity.name ?? "") ?? [];
    const now = lists.after.get(after?.entity.name ?? "") ?? [];
    const change = {
      path: group.entity.name,
      gained: byApi(
        now.filter((name) => !old.includes(name)),
        known.after,
      ),
      lost: byApi(
        old.filter((name) => !now.includes(name)),
        known.before,
      ),
    };
    if (!before) added.push(change);
    else if (!after) removed.push(change);
    else if (change.gained.length + change.lost.length > 0) changed.push(change);
  }
  for (const list of [added, removed, changed]) list.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { added, removed, changed };
}

/** The roles in all lists of each group of one side, by path. A name of a role is as in {@link rolesIn}. */
export function rolesByGroup(
  pairs: readonly Pair[],
  side: keyof Pair,
): ReadonlyMap<string, readonly string[]> {
  const roles = new Map<string, readonly string[]>();
  for (const { [side]: list } of pairs) {
    if (list?.type !== groupRolesType || list.entity.kind !== "group") continue;
    const { name } = list.entity;
    roles.set(name, [...(roles.get(name) ?? []), ...rolesIn(list.values.role_ids)]);
  }
  return roles;
}

function byApi(names: readonly string[], known: ReadonlyMap<string, ApiRole>): RolesOfApi[] {
  const found = new Map<string | null, string[]>();
  for (const name of sorted(names)) {
    const { api, role } = known.get(name) ?? { api: null, role: name };
    found.set(api, [...(found.get(api) ?? []), role]);
  }
  return [...found].map(([api, roles]) => ({ api, roles }));
}
