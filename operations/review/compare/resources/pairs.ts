import { roleScopeType } from "../../../../constructs/names/resource-types.ts";
import type { ResourceArguments } from "../../../terraform/synthesis/stack-json.ts";
import type { Synthesis } from "../../../terraform/synthesis/synthesize.ts";
import { Entities } from "./entities.ts";
import { reference, entityKey, isOther, typeOf, type Entity } from "./entity.ts";
import { declaredRenames, newRenames, type Renames } from "./renames.ts";

/** One side of a comparison: the part of a synthesized declaration that is compared. */
export type Side = Omit<Synthesis, "stacks">;

/** A resource of one side. */
export interface DeclaredResource {
  readonly address: string;
  readonly type: string;
  /** The entity that it is, or that it belongs to. */
  readonly entity: Entity;
  /** Its arguments, with references replaced by names. */
  readonly values: ResourceArguments;
}

/** A resource before and after; one of the two is missing if the resource is added or removed. */
export interface Pair {
  readonly before?: DeclaredResource;
  readonly after?: DeclaredResource;
}

/** Two declarations with their resources paired. Without a base everything is new. */
export interface PairedSides {
  readonly base: Side | undefined;
  readonly head: Side;
  readonly pairs: readonly Pair[];
  /** The new addresses of resources that the head moves, by the previous ones. */
  readonly moved: ReadonlyMap<string, string>;
  /** The renames of customers that the head declares. */
  readonly renames: Renames;
}

/** Pairs the resources of two declarations: at the same address, moved, or the same thing at another address. */
export function pairSides(base: Side | undefined, head: Side): PairedSides {
  const before = base
    ? resourcesOf(base, newRenames(base.declaration, head.declaration))
    : new Map<string, DeclaredResource>();
  const left = new Map(resourcesOf(head));
  const moved = new Map(head.moved.map(({ from, to }) => [from, to]));
  const unpaired: DeclaredResource[] = [];
  const pairs: Pair[] = [];
  for (const resource of before.values()) {
    const to = moved.get(resource.address) ?? resource.address;
    // terraform moves nothing to an address that is taken
    const place = before.has(to) ? resource.address : to;
    const after = left.get(place);
    if (after) {
      pairs.push({ before: resource, after });
      left.delete(place);
    } else unpaired.push(resource);
  }
  const byIdentity = new Map([...left.values()].map((each) => [identity(each), each]));
  for (const resource of unpaired) {
    const after = byIdentity.get(identity(resource));
    if (after) {
      left.delete(after.address);
      byIdentity.delete(identity(resource));
    }
    pairs.push(after ? { before: resource, after } : { before: resource });
  }
  const added = [...left.values()].map((after) => ({ after }));
  const renames = declaredRenames(head.declaration);
  return { base, head, pairs: [...pairs, ...added], moved, renames };
}

/** The resources of a side by address. */
function resourcesOf(
  { resources }: Side,
  renames: Renames = new Map(),
): ReadonlyMap<string, DeclaredResource> {
  const all = new Map(
    Object.entries(resources).map(([address, values]) => [
      address,
      { address, type: typeOf(address), values },
    ]),
  );
  const anyReference = new RegExp(reference.source);
  const found = new Entities(
    [...all.values()],
    (id) => (typeof id === "string" ? all.get(anyReference.exec(id)?.[1] ?? "") : undefined),
    [],
    renames,
  );
  const direct = new Map([...all].map(([address, each]) => [address, found.of(each)]));
  const nameOf = (whole: string, address: string, attribute: string) => {
    const value = resources[address]?.[attribute];
    if (typeof value === "string" && !value.includes("${")) return value;
    const entity = direct.get(address);
    return entity && entity.kind !== "other"
      ? `\${${entity.kind} ${entity.name}${attribute === "id" ? "" : `.${attribute}`}}`
      : whole;
  };
  const entities = new Map(
    [...all].map(([address, each]) => {
      const own = direct.get(address) ?? { kind: "other", name: address };
      return [address, own.kind === "other" ? (found.ownerOf(each) ?? own) : own];
    }),
  );
  const dependency = (address: unknown, dependent: Entity) => {
    if (typeof address !== "string") return address;
    const [type, entity] = [typeOf(address), direct.get(address)];
    if (entity && entity.kind !== "other") return `${type} ${entity.name}`;
    // the same for every customer: its list of default scopes depends on its own list of optional ones
    const other = entities.get(address);
    const isOfSameClient =
      dependent.kind !== "realm" && other && entityKey(other) === entityKey(dependent);
    return isOfSameClient ? type : address;
  };
  return new Map(
    [...all].map(([address, { type, values }]) => {
      const entity = entities.get(address) ?? { kind: "other", name: address };
      const resolved = JSON.parse(JSON.stringify(values), (key, value: unknown) => {
        if (typeof value === "string") return value.replace(reference, nameOf);
        return key === "depends_on" && Array.isArray(value)
          ? value.map((each) => dependency(each, entity))
          : value;
      }) as ResourceArguments;
      return [address, { address, type, entity, values: resolved }];
    }),
  );
}

// an entity may have many other resources, and a scope many roles, so they are told apart by address only
function identity({ type, address, entity }: DeclaredResource): string {
  const isOneOfMany = type === roleScopeType || isOther({ type, entity });
  return JSON.stringify(isOneOfMany ? [type, address] : [type, entity.kind, entity.name]);
}

/** Whether terraform would destroy the resource before and create the one after. */
export function isReaddressed({ before, after }: Pair, { moved }: PairedSides): boolean {
  if (!before || !after || before.address === after.address) return false;
  return moved.get(before.address) !== after.address;
}

/** Whether a realm gets another name, which Keycloak cannot change. */
function isRecreatedRealm({ before, after }: Pair): boolean {
  return (
    before?.type === "keycloak_realm" &&
    after !== undefined &&
    before.entity.name !== after.entity.name
  );
}

/** Whether an existing realm, which is no resource, gives way to another one. Everything that is declared in it is recreated there. */
function isOtherRealm({ base, head }: PairedSides): boolean {
  const { existing = false, realm } = base?.declaration ?? {};
  return existing && realm !== head.declaration.realm;
}

/** Whether terraform would recreate the realm, and with it everything in it. */
export function isRealmRecreated(sides: PairedSides): boolean {
  if (isOtherRealm(sides)) return true;
  return sides.pairs.some(
    (pair) =>
      isRecreatedRealm(pair) ||
      (pair.before?.type === "keycloak_realm" && isReaddressed(pair, sides)),
  );
}
