import type { ResourceChange } from "../../../terraform/plan.ts";
import type { ResourceArguments } from "../../../terraform/synthesis/stack-json.ts";
import type { Entities } from "../../compare/resources/entities.ts";
import { isOther } from "../../compare/resources/entity.ts";
import type { DeclaredResource } from "../../compare/resources/pairs.ts";
import { plannedResources } from "../../compare/resources/planned-resources.ts";
import type { Renames } from "../../compare/resources/renames.ts";
import { roleScopeType } from "../../../../constructs/names/resource-types.ts";
import type { Transition } from "./transitions.ts";

/**
 * The resources of a plan. One that is deleted at one address and created at another is recreated. One that terraform forgets
 * counts as deleted: it stays in Keycloak, but nothing manages it any more.
 */
export function transitionsOfPlan(
  planned: readonly ResourceChange[],
  renames: Renames,
): Transition[] {
  const { changes, entities } = plannedResources(planned, renames);
  const transitions = changes.map((each) => transitionOf(each, entities));
  const created = new Map(
    transitions.flatMap((each) => (each.after && !each.before ? [[key(each.after), each]] : [])),
  );
  const paired = new Set<Transition>();
  const rest = transitions.map((each) => {
    const other = each.before && !each.after ? created.get(key(each.before)) : undefined;
    if (!other) return each;
    paired.add(other);
    return { ...other, ...each, isRecreated: true };
  });
  return rest.filter((each) => !paired.has(each));
}

function transitionOf(each: ResourceChange, entities: Entities): Transition {
  const { actions, before, importing } = each.change;
  const isEnded = actions.includes("delete") || actions.includes("forget");
  const isCreated = actions.includes("create");
  const after = isEnded && !isCreated ? null : knownAfter(each.change);
  return {
    ...(before && { before: resource(each, before, entities) }),
    ...(after && { after: resource(each, after, entities) }),
    isRecreated: isEnded && isCreated,
    isImported: importing !== undefined,
  };
}

/** The values after the apply. A value that is known only then counts as unchanged: it follows from another change. */
function knownAfter({ before, after, after_unknown }: ResourceChange["change"]) {
  if (!after) return after;
  const unknown = Object.entries(after_unknown ?? {}).flatMap(([name, mark]) => {
    if (!before || !(name in before)) return [];
    if (mark === true) return [[name, before[name]]];
    return [[name, knownItems(before[name], after[name], mark)]];
  });
  return { ...after, ...(Object.fromEntries(unknown) as ResourceArguments) };
}

/** A list after the apply. Each item that is known only then may be one of those before. */
function knownItems(before: unknown, after: unknown, marks: unknown): unknown {
  if (!Array.isArray(before) || !Array.isArray(after) || !Array.isArray(marks)) return after;
  const known: unknown[] = after.filter((_, index) => marks[index] !== true);
  const missing: unknown[] = before.filter((item) => !known.includes(item));
  return [...known, ...missing.slice(0, after.length - known.length)];
}

function resource(
  { address, type }: ResourceChange,
  values: ResourceArguments,
  entities: Entities,
): DeclaredResource {
  const each = { address, type, values };
  const own = entities.of(each);
  const entity = own.kind === "other" ? (entities.ownerOf(each) ?? own) : own;
  return { ...each, entity };
}

// by type and name only: a client keeps its name if somebody switches its flows by hand. A scope has many roles
function key({ type, address, entity }: DeclaredResource): string {
  const isOneOfMany = type === roleScopeType || isOther({ type, entity });
  return JSON.stringify(isOneOfMany ? [type, address] : [type, entity.name]);
}
