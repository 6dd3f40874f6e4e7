import {
  audienceMapperType,
  clientType,
  groupRolesType,
  groupType,
  managedRealmTypes,
  optionalScopeListType,
  roleMapperType,
  roleScopeType,
  roleType,
  scopeListType,
  scopeType,
} from "../../../../constructs/names/resource-types.ts";
import type { ResourceArguments } from "../../../terraform/synthesis/stack-json.ts";

/** Kinds of declared entities, in the order of a report. `other` is a resource that belongs to no entity. */
export const kinds = [
  ...["realm", "API", "frontend", "scope", "role", "group", "customer", "other"],
] as const;

/** Kind of a declared entity. */
export type Kind = (typeof kinds)[number];

/**
 * A declared entity: its name is a client id, the name of a scope or a realm, `<API>/<role>`, the path of a group, or else an address.
 */
export interface Entity {
  readonly kind: Kind;
  readonly name: string;
}

const namedTypes: ReadonlySet<string> = new Set(["keycloak_realm", clientType, scopeType]);

/** Types of the resources that only the constructs declare. Every other type may come from `main.ts`, next to the constructs. */
const constructTypes: ReadonlySet<string> = new Set([
  ...namedTypes,
  scopeListType,
  optionalScopeListType,
  ...managedRealmTypes,
  audienceMapperType,
]);

/** Kind of the entity of a construct's resource, by types that `main.ts` may also declare next to the constructs. */
const kindsOfTypes: Readonly<Partial<Record<string, Kind>>> = {
  [roleType]: "role",
  [groupType]: "group",
  [groupRolesType]: "group",
  [roleScopeType]: "scope",
  [roleMapperType]: "scope",
};

/** A resource's type, and the entity that it is or that it belongs to. */
export interface Typed {
  readonly type: string;
  readonly entity: Entity;
}

/** Whether a resource is an entity: it has a name of its own, and others belong to it. */
export function isEntity({ type, entity }: Typed): boolean {
  if (type !== roleType && type !== groupType) return namedTypes.has(type);
  return entity.kind === kindsOfTypes[type];
}

/** Whether no construct declares a resource: a flow, an identity provider, a realm role, a group without a list of roles, … */
export function isOther({ type, entity }: Typed): boolean {
  return !constructTypes.has(type) && entity.kind !== kindsOfTypes[type];
}

/** The type of a resource, from its address. */
export function typeOf(address: string): string {
  return address.split(".")[0] ?? "";
}

/**
 * Entity of a resource that names it itself, independent of its address. A customer's client has a service account, a frontend's client
 * is public, an API's client has neither property.
 */
export function entityOf(address: string, type: string, values: ResourceArguments): Entity {
  switch (type) {
    case "keycloak_realm":
      return named("realm", values.realm, address);
    case clientType:
      return named(clientKind(values), values.client_id, address);
    case scopeType:
    case audienceMapperType:
      return named("scope", values.name, address);
    default:
      return { kind: "other", name: address };
  }
}

/** Name of a role in reports and trailers: `atlas-api/clerk`. */
export function roleName(api: string, role: string): string {
  return `${api}/${role}`;
}

function clientKind({ access_type, service_accounts_enabled }: ResourceArguments): Kind {
  if (access_type === "PUBLIC") return "frontend";
  return service_accounts_enabled === true ? "customer" : "API";
}

function named(kind: Kind, name: unknown, address: string): Entity {
  return typeof name === "string" ? { kind, name } : { kind: "other", name: address };
}

/** Reference to an attribute of another resource, with the address and the attribute as groups. */
export const reference = /\$\{([a-z_]+\.[^.}\s]+)\.([a-z_]+)\}/g;

/** Key of an entity. */
export function entityKey({ kind, name }: Entity): string {
  return `${kind} ${name}`;
}
