import type { ResourceChange } from "../../../terraform/plan.ts";
import type { ResourceArguments } from "../../../terraform/stack-json.ts";
import { entityOf, isOtherType, type Entity } from "../../compare/entity.ts";
import type { DeclaredResource } from "../../compare/pairs.ts";
import { clientType } from "../../../../constructs/names/resource-types.ts";
import type { Transition } from "./transitions.ts";

/**
 * The resources of a plan. One that is deleted at one address and created at another is recreated. One that terraform forgets
 * counts as deleted: it stays in Keycloak, but nothing manages it any more.
 */
export function transitionsOfPlan(changes: readonly ResourceChange[]): Transition[] {
  const owners = clientsById(changes);
  const transitions = changes.map((each) => transitionOf(each, owners));
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

type Owners = ReadonlyMap<string, Entity>;

function clientsById(changes: readonly ResourceChange[]): Owners {
  return new Map(
    changes
      .filter(({ type }) => type === clientType)
      .flatMap(({ address, type, change: { before } }) =>
        typeof before?.id === "string"
          ? [[before.id, entityOf(address, type, before)] as const]
          : [],
      ),
  );
}

function transitionOf(each: ResourceChange, owners: Owners): Transition {
  const { actions, before, importing } = each.change;
  const isEnded = actions.includes("delete") || actions.includes("forget");
  const isCreated = actions.includes("create");
  const after = isEnded && !isCreated ? null : knownAfter(each.change);
  return {
    ...(before && { before: resource(each, before, owners) }),
    ...(after && { after: resource(each, after, owners) }),
    isRecreated: isEnded && isCreated,
    isImported: importing !== undefined,
  };
}

/** The values after the apply. A value that is known only then counts as unchanged: it follows from another change. */
function knownAfter({ before, after, after_unknown }: ResourceChange["change"]) {
  if (!after) return after;
  const unknown = Object.entries(after_unknown ?? {}).flatMap(([name, mark]) =>
    mark === true && before && name in before ? [[name, before[name]]] : [],
  );
  return { ...after, ...(Object.fromEntries(unknown) as ResourceArguments) };
}

function resource(
  { address, type }: ResourceChange,
  values: ResourceArguments,
  owners: Owners,
): DeclaredResource {
  const own = entityOf(address, type, values);
  const owner = typeof values.client_id === "string" ? owners.get(values.client_id) : undefined;
  const entity = own.kind === "other" && owner ? owner : own;
  return { address, type, entity, values };
}

// by type and name only: a client keeps its name if somebody switches its flows by hand
function key({ type, address, entity: { name } }: DeclaredResource): string {
  return JSON.stringify(isOtherType(type) ? [type, address] : [type, name]);
}
