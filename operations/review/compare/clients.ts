import type { Access } from "../../../constructs/declaration.ts";
import {
  clientType,
  optionalScopeListType,
  scopeListType,
} from "../../../constructs/names/resource-types.ts";
import { scopesByEffect } from "./customers/access.ts";
import { credentialsIn } from "./customers/credentials.ts";
import type { ReviewedCustomer } from "./declaration-change.ts";
import { type Entity, entityKey, type Kind, typeOf } from "./resources/entity.ts";
import type { DeclaredResource, Pair, PairedSides, Side } from "./resources/pairs.ts";
import { leaves } from "./values.ts";

/** A client of one side, as its resource and its lists of scopes declare it. */
export interface Client {
  readonly resource: DeclaredResource;
  readonly lists: readonly DeclaredResource[];
  /** The client as an entry of customers.yaml. */
  readonly entry: ReviewedCustomer;
  /** The client scopes in its lists that give no access. */
  readonly otherScopes: readonly unknown[];
}

/** A client that both sides declare. */
export interface StayingClient {
  readonly before: Client;
  readonly after: Client;
  /** Its lists of scopes that both sides declare. */
  readonly lists: readonly Required<Pair>[];
}

/** The clients of one kind on both sides, sorted by id. A client that changes its id or its kind is in none of the lists. */
export interface PairedClients {
  readonly added: readonly Client[];
  readonly removed: readonly Client[];
  readonly staying: readonly StayingClient[];
}

/** Finds the clients of a kind in the resources of both sides. */
export function pairClients({ base, head, pairs }: PairedSides, kind: Kind): PairedClients {
  const reads = { before: reader(base, pairs, "before"), after: reader(head, pairs, "after") };
  const added: Client[] = [];
  const removed: Client[] = [];
  const staying: StayingClient[] = [];
  const lists = grouped(pairs.filter(isStayingList), ({ after }) => after.entity);
  for (const pair of pairs.filter((each) => isClient(each, kind))) {
    const before = pair.before && reads.before(pair.before);
    const after = pair.after && reads.after(pair.after);
    if (before && after)
      staying.push({ before, after, lists: lists.get(entityKey(after.resource.entity)) ?? [] });
    else if (after) added.push(after);
    else if (before) removed.push(before);
  }
  const byId = (a: Client, b: Client) => (a.entry.id < b.entry.id ? -1 : 1);
  added.sort(byId);
  removed.sort(byId);
  staying.sort((a, b) => byId(a.after, b.after));
  return { added, removed, staying };
}

/** The number of customers on one side, with those of the shards that are left out. */
export function countCustomers({ pairs, head }: PairedSides, side: keyof Pair): number {
  const found = pairs.filter(
    ({ [side]: each }) => each?.type === clientType && each.entity.kind === "customer",
  );
  return found.length + customersLeftOut(head);
}

/**
 * The number of customers that are declared, and whose shards are not synthesized. Nothing changes in them, so there are as many on both sides.
 */
export function customersLeftOut({ declaration, resources }: Side): number {
  const ids = new Set(
    Object.entries(resources).flatMap(([address, values]) =>
      typeOf(address) === clientType ? [values.client_id] : [],
    ),
  );
  return customersBesides(ids, declaration);
}

/** The number of customers that are declared, besides some. */
export function customersBesides(
  ids: ReadonlySet<unknown>,
  { customers }: Side["declaration"],
): number {
  return Object.keys(customers).filter((id) => !ids.has(id)).length;
}

/** Whether a pair is a client of a kind that is added, removed, or the same on both sides. */
function isClient({ before, after }: Pair, kind: Kind): boolean {
  const sides = [before, after].flatMap((side) => side ?? []);
  return (
    sides.every(({ type, entity }) => type === clientType && entity.kind === kind) &&
    (!before || !after || before.entity.name === after.entity.name)
  );
}

const listTypes: readonly string[] = [scopeListType, optionalScopeListType];

/** Whether a pair is a list of scopes that stays with its client. */
export function isStayingList(pair: Pair): pair is Required<Pair> {
  const { before, after } = pair;
  return (
    before !== undefined &&
    after !== undefined &&
    listTypes.includes(before.type) &&
    before.type === after.type &&
    entityKey(before.entity) === entityKey(after.entity)
  );
}

function reader(
  side: Side | undefined,
  pairs: PairedSides["pairs"],
  which: keyof Pair,
): (resource: DeclaredResource) => Client {
  const all = pairs.flatMap(({ [which]: each }) =>
    each && listTypes.includes(each.type) ? [each] : [],
  );
  const lists = grouped(all, ({ entity }) => entity);
  const customers = new Map(Object.entries(side?.declaration.customers ?? {}));
  return (resource) => {
    const { values, entity } = resource;
    const own = lists.get(entityKey(entity)) ?? [];
    const declaration = side?.declaration ?? { apis: {} };
    const ofPeople = entity.kind === "frontend";
    const scopes = own.map(({ values: { default_scopes: list } }) =>
      scopesByEffect(list, declaration, ofPeople),
    );
    const entry = {
      id: entity.name,
      name: text(values.name),
      contact: text(leaves(values.extra_config).get("contact")),
      enabled: values.enabled !== false && values.enabled !== "false",
      access: Object.assign({}, ...scopes.map(({ access }) => access)) as Access,
      credentials: credentialsIn(values, customers.get(text(values.client_id))),
    };
    return { resource, lists: own, entry, otherScopes: scopes.flatMap(({ others }) => others) };
  };
}

function grouped<T>(list: readonly T[], entityOf: (each: T) => Entity): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) {
    const key = entityKey(entityOf(each));
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return groups;
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
