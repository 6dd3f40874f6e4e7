import { resourceDifferences } from "./customers.ts";
import type { ResourceAddedOrRemoved, SettingChange } from "./declaration-change.ts";
import { accessScopeNames, type DeclaredResource, type PairedSides, type Side } from "./pairs.ts";
import { entityKey, type Entity, kinds } from "./entity.ts";
import { differences } from "./values.ts";

/** Changed settings of resources that stay, except those of customers and except access. */
export function settingChanges({ base, head, pairs }: PairedSides): SettingChange[] {
  const scopes = [accessScopeNames(base?.declaration), accessScopeNames(head.declaration)] as const;
  return pairs
    .flatMap(({ before, after }) => {
      if (!before || !after || after.entity.kind === "customer") return [];
      const { entity, address } = after;
      return resourceDifferences(before.values, after.values, scopes).map((change) => ({
        entity,
        address,
        ...change,
      }));
    })
    .sort(byEntity);
}

/** Changes of the provider, its settings, and the state backend. */
export function surroundingChanges(base: Side, head: Side): SettingChange[] {
  return differences(base.surroundings, head.surroundings).map((change) => {
    const [name = ""] = change.attribute.split(".");
    return { entity: { kind: "other", name }, address: name, ...change };
  });
}

/** Resources that are added or removed, except those of customers and of entities that are added or removed as a whole. */
export function otherResources({ base, head, pairs }: PairedSides): ResourceAddedOrRemoved[] {
  const [before, after] = [reportedEntities(base), reportedEntities(head)];
  const list = (resources: readonly DeclaredResource[], change: "added" | "removed") =>
    resources.map(({ address, entity }) => ({ address, entity, change }));
  const isUnreported =
    (own: ReadonlySet<string>, others: ReadonlySet<string>) =>
    ({ entity }: DeclaredResource) => {
      const key = entityKey(entity);
      return entity.kind !== "customer" && !(own.has(key) && !others.has(key));
    };
  const removed = pairs.flatMap((pair) => (pair.before && !pair.after ? [pair.before] : []));
  const added = pairs.flatMap((pair) => (pair.after && !pair.before ? [pair.after] : []));
  return [
    ...list(removed.filter(isUnreported(before, after)), "removed"),
    ...list(added.filter(isUnreported(after, before)), "added"),
  ].sort(byEntity);
}

/** APIs, frontends and access scopes of a side, which are reported by name. */
function reportedEntities(side: Side | undefined): ReadonlySet<string> {
  const { apis = {}, frontends = {} } = side?.declaration ?? {};
  const entities: Entity[] = [
    ...Object.keys(apis).map((name) => ({ kind: "API" as const, name })),
    ...Object.keys(frontends).map((name) => ({ kind: "frontend" as const, name })),
    ...[...accessScopeNames(side?.declaration)].map((name) => ({ kind: "scope" as const, name })),
  ];
  return new Set(entities.map(entityKey));
}

function byEntity<T extends { entity: Entity; address: string }>(a: T, b: T): number {
  return kinds.indexOf(a.entity.kind) - kinds.indexOf(b.entity.kind) || byAddress(a, b);
}

function byAddress(a: { address: string }, b: { address: string }): number {
  if (a.address === b.address) return 0;
  return a.address < b.address ? -1 : 1;
}
