import { groupType } from "../../../../constructs/names/resource-types.ts";
import { isEntity } from "../../compare/resources/entity.ts";
import { rolesByGroup } from "../../compare/groups.ts";
import type { DeclaredResource } from "../../compare/resources/pairs.ts";
import { roleOfPeople, rolesIn } from "../../compare/roles.ts";
import type { CountedLoss } from "./loss.ts";
import type { Transition } from "./transitions.ts";

/** The number of roles and groups before, without the roles of permissions: they grant nothing else. */
export function peopleIn(transitions: readonly Transition[]): number {
  return transitions.filter(({ before }) => before && (isGroup(before) || grants(before))).length;
}

/** Losses of roles and groups that stay, which are counted. Those that are removed, renamed or recreated are refused by name. */
export function peopleLosses(transitions: readonly Transition[]): CountedLoss[] {
  return [...roleLosses(transitions), ...groupLosses(transitions)];
}

function roleLosses(transitions: readonly Transition[]): CountedLoss[] {
  return transitions.filter(isStaying).flatMap(({ before, after }) => {
    if (!before || !after || !roleOfPeople(before) || isRenamed(before, after)) return [];
    const kept = rolesIn(after.values.composite_roles);
    return lossesOf("role", before.entity.name, rolesIn(before.values.composite_roles), kept);
  });
}

/** A group has the roles of all its lists. A list that is removed or recreated takes its roles from the group. */
function groupLosses(transitions: readonly Transition[]): CountedLoss[] {
  const own = transitions.filter(({ isImported }) => !isImported);
  const roles = rolesByGroup(own, "before");
  const remaining = transitions.filter(isStaying);
  const keptRoles = rolesByGroup(remaining, "after");
  return remaining.flatMap(({ before, after }) => {
    if (!before || !after || !isGroup(before) || isRenamed(before, after)) return [];
    const { name } = before.entity;
    return lossesOf("group", name, roles.get(name), keptRoles.get(name));
  });
}

/** Whether nothing is recreated or imported: what somebody else's object loses by an import is one loss, which is refused by name. */
function isStaying({ isRecreated, isImported }: Transition): boolean {
  return !isRecreated && !isImported;
}

function isRenamed({ entity: before }: DeclaredResource, { entity: after }: DeclaredResource) {
  return before.kind === after.kind && before.name !== after.name;
}

function lossesOf(
  kind: "role" | "group",
  name: string,
  before: readonly string[] = [],
  after: readonly string[] = [],
): CountedLoss[] {
  return before
    .filter((each) => !after.includes(each))
    .map((lost) => ({ holder: { kind, name }, effect: "access", lost }));
}

function isGroup(resource: DeclaredResource): boolean {
  return resource.type === groupType && isEntity(resource);
}

function grants(resource: DeclaredResource): boolean {
  return (
    roleOfPeople(resource) !== undefined && rolesIn(resource.values.composite_roles).length > 0
  );
}
