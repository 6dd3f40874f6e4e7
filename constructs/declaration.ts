/** Access of a client: permissions by the client id of their API. */
export type Access = Readonly<Record<string, readonly string[]>>;

/** Client scopes of an API, as Terraform references: a resource that uses one is created after it. */
export interface ApiScopes {
  /** The scope that adds the API to a token's `aud`. */
  readonly audience: string;
  /** The scopes that add a permission to a token's `scope`, by permission. */
  readonly permissions: ReadonlyMap<string, string>;
}

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
   * True if the realm exists already, so that its settings are not managed.
   * @default false
   */
  readonly existing?: boolean;
}
