import type { PlacedProblem } from "../../text/problem-list.ts";
import { quoted } from "../../text/quoted.ts";
import type { Access } from "../declaration.ts";
import { groupPath } from "../names/group-path.ts";
import { groupRolesType, groupType } from "../names/resource-types.ts";
import { apiOf, differs } from "./roles.ts";
import {
  constructPath,
  type SynthesizedResource,
  type SynthesizedStack,
} from "./synthesized-stack.ts";

/** Problems of declared groups: each has one list of roles, exactly those that are declared, and no other resource adds some. */
export function groupProblems(
  stack: SynthesizedStack,
  groups: Readonly<Record<string, Access>> = {},
): PlacedProblem[] {
  const resources = new Map(stack.ofType(groupType).map((group) => [pathOf(group, stack), group]));
  return Object.entries(groups).flatMap(([path, access]) => {
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
}

/** The path of a group, from its name and the groups above it. */
function pathOf({ values }: SynthesizedResource, stack: SynthesizedStack): string {
  const parent = stack.withId(values.parent_id);
  return groupPath(String(values.name), parent && pathOf(parent, stack));
}

function rolesIn({ values }: SynthesizedResource, stack: SynthesizedStack): string[] {
  const ids: readonly unknown[] = Array.isArray(values.role_ids) ? values.role_ids : [];
  return ids.map((id) => {
    const role = stack.withId(id);
    return role ? JSON.stringify([apiOf(role, stack), role.values.name]) : String(id);
  });
}
