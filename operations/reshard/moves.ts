import { RefusedError } from "../../text/errors.ts";
import { realmStack } from "../terraform/target.ts";
import { addressOf, idsOf, type State, type StoredResource } from "./states.ts";

/** The states of a realm's stacks by the stack's name; undefined for one that does not exist yet. */
export type States = ReadonlyMap<string, State | undefined>;

/** What has to be done to one state. */
export interface StateMove {
  /** The name of the stack. */
  readonly stack: string;
  /** Resources that come from other states. */
  readonly added: readonly StoredResource[];
  /** The addresses of resources that belong to another stack, which has them by then. */
  readonly removed: ReadonlySet<string>;
}

/** A resource in the state of a stack. */
interface Found {
  readonly stack: string;
  readonly resource: StoredResource;
}

/**
 * The moves that bring each customer's resources to the state of the stack that it belongs to. A resource that is in two states, because an
 * earlier move was interrupted, stays where it belongs.
 *
 * @param belongs the names of the stacks by address, for the resources of customers
 * @throws RefusedError if a customer's resource is in no state, if a shard has one that is not declared, or if two states have different objects at one address
 */
export function movesBetween(states: States, belongs: ReadonlyMap<string, string>): StateMove[] {
  refuseUndeclared(states, belongs);
  const places = placesOf(states, belongs);
  refuseMissing(places, belongs);
  const moves = [...states.keys()].map((stack) => ({
    ...{ stack, added: [] as StoredResource[], removed: new Set<string>() },
  }));
  const of = new Map(moves.map((move) => [move.stack, move]));
  for (const [address, found] of places) {
    const home = belongs.get(address) ?? "";
    const [first] = found;
    if (first && !found.some(({ stack }) => stack === home))
      of.get(home)?.added.push(first.resource);
    for (const { stack } of found.filter((each) => each.stack !== home))
      of.get(stack)?.removed.add(address);
  }
  return moves.filter(({ added, removed }) => added.length > 0 || removed.size > 0);
}

function placesOf(states: States, belongs: ReadonlyMap<string, string>): Map<string, Found[]> {
  const places = new Map<string, Found[]>();
  for (const [stack, state] of states)
    for (const resource of state?.resources ?? []) {
      const address = addressOf(resource);
      if (!belongs.has(address)) continue;
      const others = places.get(address) ?? [];
      const other = others.find((each) => idsOf(each.resource) !== idsOf(resource));
      if (other)
        throw new RefusedError(
          `${address} is one object in the state of ${other.stack}, and another one in that of ${stack}; nothing is moved; restore the right state from a backup`,
        );
      places.set(address, [...others, { stack, resource }]);
    }
  return places;
}

/** The realm's own state has other resources, too. */
function refuseUndeclared(states: States, belongs: ReadonlyMap<string, string>): void {
  const undeclared = [...states].flatMap(([stack, state]) =>
    stack === realmStack
      ? []
      : (state?.resources ?? [])
          .map(addressOf)
          .filter((address) => !belongs.has(address))
          .map((address) => `  ${address} (${stack})`),
  );
  if (undeclared.length === 0) return;
  throw new RefusedError(
    [
      "these resources are in the state of a shard, but not declared; nothing is moved:",
      ...undeclared.slice(0, 10),
      "deploy their removal first, with the number of shards that was deployed last",
    ].join("\n"),
  );
}

function refuseMissing(
  places: ReadonlyMap<string, unknown>,
  belongs: ReadonlyMap<string, string>,
): void {
  const missing = [...belongs.keys()].filter((address) => !places.has(address));
  if (missing.length === 0) return;
  const lines = missing.slice(0, 10).map((address) => `  ${address}`);
  throw new RefusedError(
    [
      `${missing.length === 1 ? "a resource of a customer is" : `${missing.length} resources of customers are`} declared, but in no state; nothing is moved:`,
      ...lines,
      "deploy them first, with the number of shards that was deployed last",
    ].join("\n"),
  );
}

/** The state with the resources that a move adds. */
export function withAdded(state: State, { added }: StateMove): State {
  const resources = [...state.resources, ...added];
  const known = new Set(resources.map(addressOf));
  return {
    ...state,
    serial: state.serial + 1,
    resources: resources.map((each) => withKnownDependencies(each, known)),
  };
}

/** The state without the resources that a move removes. */
export function withoutRemoved(state: State, { removed }: StateMove): State {
  return {
    ...state,
    serial: state.serial + 1,
    resources: state.resources.filter((each) => !removed.has(addressOf(each))),
  };
}

/** A resource without its dependencies on what is in other states. */
function withKnownDependencies(resource: StoredResource, known: ReadonlySet<string>) {
  return {
    ...resource,
    instances: resource.instances.map((instance) =>
      instance.dependencies
        ? { ...instance, dependencies: instance.dependencies.filter((each) => known.has(each)) }
        : instance,
    ),
  };
}
