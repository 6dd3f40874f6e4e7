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

/** Where the resources of customers belong: the name of the stack by address. */
export type Homes = ReadonlyMap<string, string>;

/** Where the states of customers are deployed. */
export interface Deployed {
  /** The names of the stacks that have been deployed. */
  readonly stacks: ReadonlySet<string>;
  /** Where resources belong in them. */
  readonly homes: Homes;
}

/**
 * The moves that bring each customer's resources to the state of the stack that it belongs to. The resource in the stack that was deployed last
 * counts. Another one at the same address is a copy of an interrupted move. If that stack has none, the copies have to be of one object.
 *
 * @param belongs where the resources belong afterwards
 * @throws RefusedError if a customer's resource is in no state, if a shard has one that is not declared, or if copies are of different objects
 */
export function movesBetween(states: States, belongs: Homes, deployed: Deployed): StateMove[] {
  refuseUndeclared(states, belongs, deployed);
  const places = placesOf(states, belongs, deployed);
  refuseMissing(places, belongs);
  const moves = [...states.keys()].map((stack) => ({
    ...{ stack, added: [] as StoredResource[], removed: new Set<string>() },
  }));
  const of = new Map(moves.map((move) => [move.stack, move]));
  for (const [address, { right, stacks }] of places) {
    const home = belongs.get(address) ?? "";
    if (right.stack !== home) of.get(home)?.added.push(right.resource);
    for (const stack of stacks.filter((each) => each !== home)) of.get(stack)?.removed.add(address);
  }
  for (const [stack, state] of statesOfShards(states))
    for (const address of state.resources.filter(isManaged).map(addressOf))
      if (!belongs.has(address)) of.get(stack)?.removed.add(address);
  return moves.filter(({ added, removed }) => added.length > 0 || removed.size > 0);
}

/** The states of shards. The realm's own has other resources, too. */
function statesOfShards(states: States): (readonly [stack: string, state: State])[] {
  return [...states].flatMap(([stack, state]) =>
    stack === realmStack || !state ? [] : [[stack, state] as const],
  );
}

/** Where a resource is. */
interface Places {
  /** The place that counts. */
  readonly right: Found;
  /** The names of all stacks that have it. */
  readonly stacks: readonly string[];
}

function placesOf(states: States, belongs: Homes, { homes }: Deployed): Map<string, Places> {
  const found = new Map<string, Found[]>();
  for (const [stack, state] of states)
    for (const resource of state?.resources ?? []) {
      const address = addressOf(resource);
      if (belongs.has(address))
        found.set(address, [...(found.get(address) ?? []), { stack, resource }]);
    }
  return new Map(
    [...found].flatMap(([address, all]) => {
      const stacks = all.map(({ stack }) => stack);
      const at = (stack: string | undefined) => all.find((each) => each.stack === stack);
      const deployed = at(homes.get(address));
      if (!deployed) refuseDifferent(address, all);
      const right = deployed ?? at(belongs.get(address)) ?? all[0];
      return right ? [[address, { right, stacks }] as const] : [];
    }),
  );
}

function refuseDifferent(address: string, [first, ...others]: readonly Found[]): void {
  const other = others.find(({ resource }) => first && idsOf(resource) !== idsOf(first.resource));
  if (!first || !other) return;
  throw new RefusedError(
    `${address} is one object in the state of ${first.stack}, and another one in that of ${other.stack}; nothing is moved; restore the right state from a backup`,
  );
}

/** What is in the shards of an interrupted move only is no more than a copy. */
function refuseUndeclared(states: States, belongs: Homes, { stacks }: Deployed): void {
  const deployed = statesOfShards(states).filter(([stack]) => stacks.has(stack));
  const undeclared = deployed.flatMap(([stack, { resources }]) =>
    resources
      .filter((each) => isManaged(each) && !belongs.has(addressOf(each)))
      .map((each) => `  ${addressOf(each)} (${stack})`),
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

/** Whether terraform manages a resource: it reads a data source again at the next plan. */
function isManaged({ mode }: StoredResource): boolean {
  return mode === "managed";
}

function refuseMissing(places: ReadonlyMap<string, unknown>, belongs: Homes): void {
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

/** The state with the resources that a move adds, also instead of its copies of them. */
export function withAdded(state: State, { added }: StateMove): State {
  const come = new Set(added.map(addressOf));
  const resources = [...state.resources.filter((each) => !come.has(addressOf(each))), ...added];
  const known = new Set(resources.map(addressOf));
  return {
    ...state,
    resources: resources.map((each) => withKnownDependencies(each, known)),
  };
}

/** The state without the resources that a move removes. */
export function withoutRemoved(state: State, { removed }: StateMove): State {
  return {
    ...state,
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
