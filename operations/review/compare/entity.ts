import {
  clientType,
  managedRealmTypes,
  optionalScopeListType,
  scopeListType,
} from "../../../constructs/names/resource-types.ts";
import type { ResourceArguments } from "../../terraform/stack-json.ts";

/** Kinds of declared entities, in the order of a report. `other` is a resource that belongs to no entity. */
export const kinds = ["realm", "API", "frontend", "scope", "customer", "other"] as const;

/** Kind of a declared entity. */
export type Kind = (typeof kinds)[number];

/** A declared entity: its name is a client id, the name of a scope or a realm, or else an address. */
export interface Entity {
  readonly kind: Kind;
  readonly name: string;
}

/** Types of the resources that are entities: each has a name of its own, and others belong to it. */
export const entityTypes: ReadonlySet<string> = new Set([
  "keycloak_realm",
  clientType,
  "keycloak_openid_client_scope",
]);

/**
 * Types of the resources that the constructs declare. Every other type comes from `main.ts`, next to the constructs: roles, groups, flows,
 * identity providers, …
 */
const constructTypes: ReadonlySet<string> = new Set([
  ...entityTypes,
  scopeListType,
  optionalScopeListType,
  ...managedRealmTypes,
  "keycloak_openid_audience_protocol_mapper",
]);

/** Whether no construct declares resources of a type. */
export function isOtherType(type: string): boolean {
  return !constructTypes.has(type);
}

/** The type of a resource, from its address. */
export function typeOf(address: string): string {
  return address.split(".")[0] ?? "";
}

/**
 * Entity of a resource, by its type and values and independent of its address. A customer's client has a service account, a
 * frontend's client is public, an API's client has neither property.
 */
export function entityOf(address: string, type: string, values: ResourceArguments): Entity {
  switch (type) {
    case "keycloak_realm":
      return named("realm", values.realm, address);
    case clientType:
      return named(clientKind(values), values.client_id, address);
    case "keycloak_openid_client_scope":
    case "keycloak_openid_audience_protocol_mapper":
      return named("scope", values.name, address);
    default:
      return { kind: "other", name: address };
  }
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
