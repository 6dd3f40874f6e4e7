import { groupType } from "../../../../constructs/names/resource-types.ts";
import type { ResourceChange } from "../../../terraform/plan.ts";
import type { ResourceArguments } from "../../../terraform/synthesis/stack-json.ts";
import { Entities, type Resource } from "./entities.ts";
import { plannedRenames, type Renames } from "./renames.ts";

/** Attributes that have ids of roles. */
const roleAttributes = ["composite_roles", "role_ids", "role_id"];

/** The changes of a plan, with the names of roles instead of their ids, and the entities of its resources. */
export interface PlannedResources {
  readonly changes: readonly ResourceChange[];
  readonly entities: Entities;
}

/**
 * Reads the changes of a plan. A plan has ids of Keycloak; the names are those before the apply, or after it for something new.
 *
 * @param renames the renames of customers that are declared: such a customer has its new name on both sides
 */
export function plannedResources(
  changes: readonly ResourceChange[],
  renames: Renames = new Map(),
): PlannedResources {
  const sides = changes.flatMap(({ address, type, change }): Resource[] => {
    const { before, after, importing } = change;
    // an import is named as it is declared: somebody else's client may look like another kind
    return (importing ? [after, before] : [before, after]).flatMap((values) =>
      values ? [{ address, type, values }] : [],
    );
  });
  const byId = new Map<unknown, Resource>();
  for (const each of sides) {
    const { id } = each.values;
    if (typeof id === "string" && !byId.has(id)) byId.set(id, each);
  }
  const newGroups = changes.filter(({ type, change }) => type === groupType && !change.before);
  const entities = new Entities(
    sides,
    (id) => byId.get(id),
    newGroups.map(({ address }) => address),
    plannedRenames(changes, renames),
  );
  const named = (values: ResourceArguments | null) => values && withRoleNames(values, entities);
  return {
    changes: changes.map((each) => {
      const { before, after } = each.change;
      return { ...each, change: { ...each.change, before: named(before), after: named(after) } };
    }),
    entities,
  };
}

function withRoleNames(values: ResourceArguments, entities: Entities): ResourceArguments {
  const names = roleAttributes.filter((name) => name in values);
  if (names.length === 0) return values;
  const named = names.map((name) => {
    const value = values[name];
    const nameOf = (id: unknown) => entities.roleReference(id);
    return [name, Array.isArray(value) ? value.map(nameOf) : nameOf(value)];
  });
  return { ...values, ...(Object.fromEntries(named) as ResourceArguments) };
}
