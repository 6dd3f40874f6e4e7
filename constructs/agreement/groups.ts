import type { PlacedProblem } from "../../text/findings/problem-list.ts";
import { quoted } from "../../text/quoted.ts";
import type { RealmDeclaration } from "../declaration.ts";
import { groupPath } from "../names/group-path.ts";
import { groupRolesType, groupType } from "../names/resource-types.ts";
import { apiOf, differs, idsIn } from "./roles.ts";
import {
  constructPath,
  type SynthesizedResource,
  type SynthesizedStack,
} from "./synthesized-stack.ts";

/**
 * Problems of groups. Each declared one has one list of roles, exactly those that are declared, and no other resource adds some. No other
 * group has roles of an API with roles.
 */
export function groupProblems(
  stack: SynthesizedStack,
  { groups = {}, roles: rolesOfApis = {} }: RealmDeclaration,
): PlacedProblem[] {
  const resources = new Map(stack.ofType(groupType).map((group) => [pathOf(group, stack), group]));
  const declaredGroups = Object.keys(groups).map((path) => resources.get(path));
  const others = stack
    .ofType(groupRolesType)
    .filter((list) => !declaredGroups.includes(stack.withId(list.values.group_id)))
    .filter(({ values }) =>
      idsIn(values.role_ids)
        .flatMap((id) => stack.withId(id) ?? [])
        .some((role) => Object.hasOwn(rolesOfApis, String(apiOf(role, stack)))),
    )
    .map((list) => ({
      place: constructPath(list),
      message: "gives roles of an API to a group that is not declared; use a GroupRoles",
    }));
  const problems = Object.entries(groups).flatMap(([path, access]) => {
    const group = resources.get(path);
    if (!group)
      return [{ place: path, message: `no resource is the declared group ${quoted(path)}` }];
    const lists = stack.referringTo(group).filter(({ type }) => type !== groupType);
    const declared = Object.entries(access).flatMap(([api, roles]) =>
      roles.map((role) => JSON.stringify([api, role])),
    );
    const [list] = lists;
    const isDeclared =
      list?.type === groupRolesType &&
      list.values.exhaustive !== false &&
      !differs(rolesIn(list, stack), declared);
    const place = constructPath(group);
    return [
      ...(isDeclared
        ? []
        : [{ place, message: "the group's roles are not those that are declared" }]),
      ...lists.slice(1).map((other) => ({
        place,
        message: `${constructPath(other)} (${other.type}) adds to the group, which is not declared`,
      })),
    ];
  });
  return [...others, ...problems];
}

/** The path of a group, from its name and the groups above it. */
function pathOf({ values }: SynthesizedResource, stack: SynthesizedStack): string {
  const parent = stack.withId(values.parent_id);
  // a group above that is no resource is named by its id, so that no declared path is the same
  const above = parent ? pathOf(parent, stack) : (values.parent_id as string | undefined);
  return groupPath(String(values.name), above);
}

function rolesIn({ values }: SynthesizedResource, stack: SynthesizedStack): string[] {
  return idsIn(values.role_ids).map((id) => {
    const role = stack.withId(id);
    return role ? JSON.stringify([apiOf(role, stack), role.values.name]) : String(id);
  });
}
