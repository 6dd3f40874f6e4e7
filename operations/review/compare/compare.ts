import type { Access } from "../../../constructs/declaration.ts";
import { groupRolesType, scopeListType } from "../../../constructs/names/resource-types.ts";
import { accessChange, addedAccess } from "./customers/access.ts";
import { type PairedClients, pairClients } from "./clients.ts";
import { customersChange } from "./customers/customers.ts";
import type {
  ApisChange,
  DeclarationChange,
  FrontendsChange,
  Replacement,
} from "./declaration-change.ts";
import { isReaddressed, isRealmRecreated, type PairedSides } from "./resources/pairs.ts";
import { otherResources, settingChanges, surroundingChanges } from "./settings.ts";
import { isEntity, entityKey, type Entity } from "./resources/entity.ts";
import { groupsChange } from "./groups.ts";
import { realmAuthenticationChange } from "./realm-authentication.ts";
import { rolesChange } from "./roles.ts";
import { sorted } from "./values.ts";

/**
 * Compares two synthesized declarations. What clients may do comes from their resources. Only the permissions of each API come from the
 * declaration in the stack's comment, because a client scope does not name its API.
 *
 * @param today the day of the change, before which an access has ended
 */
export function compareDeclarations(sides: PairedSides, today: string): DeclarationChange {
  const { base, head } = sides;
  const [before, after] = [base?.declaration, head.declaration];
  const customers = pairClients(sides, "customer");
  return {
    realm: after.realm,
    realmBefore: before?.realm ?? null,
    customers: customersChange(sides, customers, today),
    apis: apisChange(before?.apis ?? {}, after.apis),
    frontends: frontendsChange(pairClients(sides, "frontend")),
    roles: rolesChange(sides),
    groups: groupsChange(sides),
    authentication: realmAuthenticationChange(before, after),
    settings: [...settingChanges(sides, customers), ...surroundingChanges(sides)],
    otherResources: otherResources(sides, customers),
    replaced: base ? replacements(sides) : [],
  };
}

/** Whether nothing changes at all. */
export function isEmpty(change: DeclarationChange): boolean {
  const { customers, apis, frontends, roles, groups, authentication } = change;
  const lists: readonly (readonly unknown[])[] = [
    ...[customers.added, customers.suspended, customers.resumed, customers.removed],
    ...[customers.changed, customers.access, customers.settings],
    ...[customers.renamed, customers.credentials],
    ...[apis.added, apis.removed, apis.changed],
    ...[frontends.added, frontends.removed, frontends.changed],
    ...[roles.added, roles.removed, roles.changed],
    ...[groups.added, groups.removed, groups.changed],
    ...[authentication.requirements, authentication.issuers],
    ...[change.settings, change.otherResources, change.replaced],
  ];
  const values = [authentication.keyHosts, authentication.rotationOverlap];
  const isSame = change.realm === change.realmBefore && values.every((value) => value === null);
  return isSame && lists.every((list) => list.length === 0);
}

function apisChange(before: Access, after: Access): ApisChange {
  const missing = (apis: Access, others: Access) =>
    sorted(Object.keys(apis))
      .filter((id) => !Object.hasOwn(others, id))
      .map((id) => ({ id, permissions: sorted(apis[id] ?? []) }));
  const changed = sorted(Object.keys(after)).flatMap((id) => {
    if (!Object.hasOwn(before, id)) return [];
    const [old, now] = [before[id] ?? [], after[id] ?? []];
    const added = sorted(now.filter((name) => !old.includes(name)));
    const removed = sorted(old.filter((name) => !now.includes(name)));
    return added.length + removed.length > 0 ? [{ id, added, removed }] : [];
  });
  return { added: missing(after, before), removed: missing(before, after), changed };
}

function frontendsChange({ added, removed, staying }: PairedClients): FrontendsChange {
  return {
    added: added.map(({ entry: { id, access } }) => ({
      ...{ id, gained: addedAccess({}, access), lost: [] },
    })),
    removed: removed.map(({ entry: { id, access } }) => ({
      ...{ id, gained: [], lost: addedAccess({}, access) },
    })),
    changed: staying.flatMap(
      ({ before, after }) =>
        accessChange(after.entry.id, before.entry.access, after.entry.access) ?? [],
    ),
  };
}

function replacements(sides: PairedSides): Replacement[] {
  const { pairs } = sides;
  const readdressed = pairs.flatMap((pair) =>
    pair.before && isReaddressed(pair, sides) ? [pair.before] : [],
  );
  const moved = readdressed.filter(isEntity).map(({ entity }) => entity);
  if (isRealmRecreated(sides)) {
    const everything = pairs.flatMap(({ before, after }) =>
      before && after && isEntity(before) ? [before.entity] : [],
    );
    return sortedEntities(everything).map((entity) => ({ ...entity, because: "realm" }));
  }
  const recreated = new Set(moved.map(entityKey));
  // if only a list gets a new address, its client may end up without scopes, or its group without roles
  const lists = readdressed
    .filter(({ type }) => type === scopeListType || type === groupRolesType)
    .filter(({ entity }) => !recreated.has(entityKey(entity)))
    .map(({ address }): Entity => ({ kind: "other", name: address }));
  return sortedEntities([...moved, ...lists]).map((entity) => ({ ...entity, because: "address" }));
}

function sortedEntities(entities: readonly Entity[]): Entity[] {
  return [...entities].sort((a, b) => (entityKey(a) < entityKey(b) ? -1 : 1));
}
