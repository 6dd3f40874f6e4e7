import type { ResourceArguments } from "../../terraform/synthesis/stack-json.ts";
import { scopesByEffect } from "./customers/access.ts";
import { isStayingList, type PairedClients } from "./clients.ts";
import type { ResourceAddedOrRemoved, SettingChange } from "./declaration-change.ts";
import { type Entity, kinds } from "./resources/entity.ts";
import type { DeclaredResource, Pair, PairedSides, Side } from "./resources/pairs.ts";
import { isStayingGroupList } from "./groups.ts";
import { apiRole, isStayingRole, rolesIn } from "./roles.ts";
import { differences, identical, isWithin, same, without } from "./values.ts";

/** Changed settings of resources that stay, except those of customers' clients and except access of frontends. */
export function settingChanges(
  { base, head, pairs }: PairedSides,
  customers: PairedClients,
): SettingChange[] {
  const reported = addressesOf(customers);
  const roles = rolesAddedOrRemoved(pairs);
  return pairs
    .flatMap((pair) => {
      const { before, after } = pair;
      if (!before || !after || reported.has(after.address)) return [];
      const isFrontend = isStayingList(pair) && after.entity.kind === "frontend";
      const [old, now] = isFrontend
        ? [withoutAccess(before, base), withoutAccess(after, head)]
        : withoutRoles({ before, after }, roles);
      const { entity } = before;
      const isSame = (a: unknown, b: unknown, attribute: string) =>
        isOrdered(after, attribute) ? identical(a, b) : same(a, b);
      return differences(old, now, isSame).map((change) => ({
        ...{ entity, address: after.address },
        ...change,
      }));
    })
    .sort(byEntity);
}

/** Changes of every other block of the stack: the provider, the state backend, data sources, modules, outputs, … */
export function surroundingChanges({ base, head, pairs }: PairedSides): SettingChange[] {
  // a rename is reported with its customer, and its line has no effect later
  const ofRenames = new Set(
    pairs.flatMap(({ before, after }) => [
      ...(before && base && isRenamed(before, base) ? [before.address] : []),
      ...(after && isRenamed(after, head) ? [after.address] : []),
    ]),
  );
  const others = ({ surroundings, moved }: Side) => {
    const left = moved.filter(({ to }) => !ofRenames.has(to));
    const rest = without(surroundings, "moved");
    return left.length > 0 ? { ...rest, moved: left } : rest;
  };
  return differences(base && others(base), others(head), identical).map((change) => {
    const [name = ""] = change.attribute.split(/[.[]/);
    return { entity: { kind: "other", name }, address: name, ...change };
  });
}

function isRenamed({ entity }: DeclaredResource, { declaration }: Side): boolean {
  if (entity.kind !== "customer" || !Object.hasOwn(declaration.customers, entity.name))
    return false;
  return declaration.customers[entity.name]?.renamedFrom !== undefined;
}

/** Resources that are added or removed, except those of customers that are added or removed. */
export function otherResources(
  { pairs }: PairedSides,
  customers: PairedClients,
): ResourceAddedOrRemoved[] {
  const reported = addressesOf(customers);
  return pairs
    .flatMap(({ before, after }): ResourceAddedOrRemoved[] => {
      const resource = before && after ? undefined : (before ?? after);
      if (!resource || reported.has(resource.address)) return [];
      const { address, entity, values } = resource;
      return after
        ? [{ address, entity, change: "added", values: differences({}, values) }]
        : [{ address, entity, change: "removed", values: [] }];
    })
    .sort(byEntity);
}

/** The addresses of the resources that are reported with their customers. */
function addressesOf({ added, removed, staying }: PairedClients): ReadonlySet<string> {
  const wholes = [...added, ...removed].flatMap(({ resource, lists }) => [resource, ...lists]);
  const parts = staying.flatMap(({ after, lists }) => [
    after.resource,
    ...lists.map((list: Required<Pair>) => list.after),
  ]);
  return new Set([...wholes, ...parts].map(({ address }) => address));
}

/** Whether the order of a list matters. The lists of the Keycloak provider are sets. */
function isOrdered({ type }: DeclaredResource, attribute: string): boolean {
  const isOfProvider = type.startsWith("keycloak_");
  return !isOfProvider || isWithin(attribute, "provisioner") || isWithin(attribute, "connection");
}

function withoutAccess({ values }: DeclaredResource, side: Side | undefined): object {
  const { others } = scopesByEffect(values.default_scopes, side?.declaration ?? { apis: {} }, true);
  return { ...values, default_scopes: others };
}

/**
 * The values on both sides, without what a role grants and a group has: that is reported with the roles and groups. The role of all
 * permissions grants another one whenever the API's permissions change.
 */
function withoutRoles(
  { before, after }: Required<Pair>,
  addedOrRemoved: ReadonlySet<unknown>,
): ResourceArguments[] {
  const sides = [before.values, after.values];
  const haveList = (name: string) => sides.every((each) => Array.isArray(each[name]));
  if (isStayingGroupList({ before, after }) && haveList("role_ids"))
    return sides.map((each) => without(each, "role_ids"));
  if (!apiRole(before) || !apiRole(after) || !haveList("composite_roles")) return sides;
  if (isStayingRole({ before, after }))
    return sides.map((each) => without(each, "composite_roles"));
  return sides.map((each) => ({
    ...each,
    composite_roles: rolesIn(each.composite_roles).filter((role) => !addedOrRemoved.has(role)),
  }));
}

/** The names of the roles that only one side has. */
function rolesAddedOrRemoved(pairs: readonly Pair[]): ReadonlySet<string> {
  return new Set(
    pairs.flatMap(({ before, after }) => {
      const role = before && after ? undefined : (before ?? after);
      return role && apiRole(role) ? [role.entity.name] : [];
    }),
  );
}

function byEntity<T extends { entity: Entity; address: string }>(a: T, b: T): number {
  return kinds.indexOf(a.entity.kind) - kinds.indexOf(b.entity.kind) || byAddress(a, b);
}

function byAddress(a: { address: string }, b: { address: string }): number {
  if (a.address === b.address) return 0;
  return a.address < b.address ? -1 : 1;
}
