import type { Authentication, AuthenticationMethod } from "./authentication/authentication.ts";

/** Access by the client id of an API: permissions of a client, or roles of a group. */
export type Access = Readonly<Record<string, readonly string[]>>;

/** Client scopes of an API, as Terraform references: a resource that uses one is created after it. */
export interface ApiScopes {
  /** The scope that adds the API to a token's `aud`. */
  readonly audience: string;
  /** The scopes that add a permission to a token's `scope`, by permission. */
  readonly permissions: ReadonlyMap<string, string>;
  /** The API's roles; undefined if it has none, so that people are not told apart. */
  readonly roles: DeclaredRoles | undefined;
}

/** Roles of an API, as Terraform references. */
export interface DeclaredRoles {
  /** The scope that adds what a person may do to tokens. */
  readonly scope: string;
  /** The ids of the roles, by name. */
  readonly ids: ReadonlyMap<string, string>;
  /** The permissions of each role. */
  readonly permissions: RolePermissions;
}

/** Permissions of an API by role. */
export type RolePermissions = Readonly<Record<string, readonly string[]>>;

/** A customer: a third party with a client of its own. */
export interface Customer {
  /** The name that people see. */
  readonly name: string;
  /** The e-mail address to write to; kept as the client attribute `contact`. */
  readonly contact: string;
  /** False if the customer is suspended: its client stays but gets no token. */
  readonly enabled: boolean;
  /** Access of the customer: at least one API, and permissions of it. */
  readonly access: Access;
  /**
   * How its client authenticates.
   * @default client_secret
   */
  readonly auth?: Authentication;
  /**
   * What its tokens are bound to: the key of DPoP.
   * @default nothing, or the certificate of `tls_client_auth`
   * @see https://www.rfc-editor.org/rfc/rfc9449
   */
  readonly tokenBinding?: "dpop";
  /**
   * Lifespan of its access tokens, in seconds.
   * @default the realm's
   */
  readonly tokenLifespan?: number;
  /**
   * The last day of its access, in UTC: `2027-06-30`. It is kept as the client attribute `expires`.
   * @default none
   */
  readonly expires?: string;
  /**
   * Number of the secret that it should have. A higher number than in Keycloak gives it a new one.
   * @default 1
   */
  readonly rotation?: number;
  /** The previous client id of the same client. */
  readonly renamedFrom?: string;
  /** The age recipient that its credentials are encrypted to: `age1…`. */
  readonly handover?: string;
}

/** A customer with its client id. */
export interface IdentifiedCustomer extends Customer {
  /** The client id, which is the key in customers.yaml. */
  readonly id: string;
}

/**
 * Declaration of a stack, independent of Terraform. The synthesized JSON has it below `//`, Terraform's comment key, for commands
 * that need to know who may do what.
 */
export interface RealmDeclaration {
  /** The realm's name. */
  readonly realm: string;
  /** Keycloak's address and the path below which it answers. */
  readonly keycloak: { readonly url: string; readonly basePath: string };
  /** The permissions of each API, by the API's client id. */
  readonly apis: Access;
  /** Access of the users of each frontend, by the frontend's client id. */
  readonly frontends: Readonly<Record<string, Access>>;
  /** The customers by client id. */
  readonly customers: Readonly<Record<string, Customer>>;
  /**
   * The roles of each API that has some, by the API's client id.
   * @default no API has roles
   */
  readonly roles?: Readonly<Record<string, RolePermissions>>;
  /**
   * The roles that the members of each group have, by API, by the group's path (`/clerks`).
   * @default no group is declared
   */
  readonly groups?: Readonly<Record<string, Access>>;
  /**
   * Methods of authentication that a permission demands, by permission.
   * @default no permission demands any
   */
  readonly requires?: Readonly<Record<string, readonly AuthenticationMethod[]>>;
  /**
   * The trusted issuers by name.
   * @default none
   */
  readonly issuers?: Readonly<Record<string, string>>;
  /**
   * Beginning of every new secret.
   * @default none
   */
  readonly secretPrefix?: string;
  /**
   * Hosts that Keycloak may fetch customers' keys from.
   * @default none
   */
  readonly allowedJwksHosts?: readonly string[];
  /**
   * Seconds for which a previous secret goes on working after a rotation.
   * @default none: it ends at once
   */
  readonly rotationOverlap?: number;
  /**
   * True if the realm exists already, so that its settings are not managed.
   * @default false
   */
  readonly existing?: boolean;
  /**
   * The number of stacks that customers are distributed to.
   * @default 1: they are in the realm's own
   */
  readonly shards?: number;
}
