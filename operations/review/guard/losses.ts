import { audienceScopeName } from "../../../constructs/names/audience-scope-name.ts";
import type { DeclarationChange } from "../compare/declaration-change.ts";
import { entityKey, type Kind, type Entity } from "../compare/entity.ts";

/** Losses of a declaration's change or of terraform's plan, in the terms of the guard rails. */
export interface Losses {
  /** The number of customers before. */
  readonly customersBefore: number;
  /** The number of customers after. */
  readonly customersAfter: number;
  /** Customers that are deleted, and whether they were suspended before. */
  readonly removed: readonly { readonly id: string; readonly suspended: boolean }[];
  /** Customers that become suspended. */
  readonly suspended: readonly string[];
  /** Realms, APIs, frontends and scopes that are deleted or renamed. */
  readonly gone: readonly Entity[];
  /** Entities that are recreated. */
  readonly replaced: readonly Entity[];
  /** Entities that are imported although they may be somebody else's. */
  readonly adopted: readonly Entity[];
}

/** Losses of a declaration's change. */
export function lossesOfChange(change: DeclarationChange): Losses {
  const { customers, apis, frontends, otherResources, replaced } = change;
  const permissions = [
    ...apis.removed.flatMap((api) => api.permissions),
    ...apis.changed.flatMap((api) => api.removed),
  ];
  const removed = otherResources.filter((resource) => resource.change === "removed");
  return {
    customersBefore: customers.before,
    customersAfter: customers.after,
    removed: customers.removed.map(({ id, enabled }) => ({ id, suspended: !enabled })),
    suspended: customers.suspended.map(({ id }) => id),
    gone: folded([
      ...removed.map(({ entity }) => entity),
      ...apis.removed.map(({ id }): Entity => ({ kind: "API", name: id })),
      ...frontends.removed.map(({ id }): Entity => ({ kind: "frontend", name: id })),
      ...permissions.map((name): Entity => ({ kind: "scope", name })),
    ]).filter(({ kind }) => guarded.has(kind)),
    replaced: folded(replaced),
    adopted: [],
  };
}

/**
 * Union of two losses, with the higher number of customers before and the lower one after. A customer that both remove counts as
 * suspended before only if both agree.
 */
export function combineLosses(a: Losses, b: Losses): Losses {
  const removed = new Map(a.removed.map(({ id, suspended }) => [id, suspended]));
  for (const { id, suspended } of b.removed)
    removed.set(id, suspended && removed.get(id) !== false);
  return {
    customersBefore: Math.max(a.customersBefore, b.customersBefore),
    customersAfter: Math.min(a.customersAfter, b.customersAfter),
    removed: [...removed].map(([id, suspended]) => ({ id, suspended })),
    suspended: [...new Set([...a.suspended, ...b.suspended])],
    gone: folded([...a.gone, ...b.gone]),
    replaced: folded([...a.replaced, ...b.replaced]),
    adopted: folded([...a.adopted, ...b.adopted]),
  };
}

/** Kinds of entities that are deleted only if it is explicitly allowed. */
export const guarded: ReadonlySet<Kind> = new Set(["realm", "API", "frontend", "scope"]);

/** Entities without duplicates, in a stable order. An API covers its audience scope. */
export function folded(entities: readonly Entity[]): Entity[] {
  const unique = new Map(
    entities.map(({ kind, name }) => [entityKey({ kind, name }), { kind, name }]),
  );
  const covered = new Set(
    [...unique.values()]
      .filter(({ kind }) => kind === "API")
      .map(({ name }) => entityKey({ kind: "scope", name: audienceScopeName(name) })),
  );
  return [...unique]
    .filter(([key]) => !covered.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, entity]) => entity);
}
