/** What a client may do: permissions by the client id of their API. */
export type Access = Readonly<Record<string, readonly string[]>>;

/** The client scopes of an API, as references: what uses one is created after it. */
export interface ApiScopes {
  /** The scope that puts the API into a token's `aud`. */
  readonly audience: string;
  /** The scopes that put a permission into a token's `scope`, by permission. */
  readonly permissions: ReadonlyMap<string, string>;
}

/** A customer as declared. */
export interface CustomerDeclaration {
  /** The name that people see. */
  readonly name: string;
  /** The e-mail address to write to. */
  readonly contact: string;
  /** False for a suspended customer. */
  readonly enabled: boolean;
  /** What it may do. */
  readonly access: Access;
}

/**
 * What a stack declares, without Terraform's words. It stands in the synthesized JSON below `//`, Terraform's comment key, for
 * the commands that need to know who may do what.
 */
export interface RealmDeclaration {
  /** The realm's name. */
  readonly realm: string;
  /** Where Keycloak is: its address, and the path below which it answers. */
  readonly keycloak: { readonly url: string; readonly basePath: string };
  /** The permissions of each API, by its client id. */
  readonly apis: Access;
  /** What each frontend's users may do, by the frontend's client id. */
  readonly frontends: Readonly<Record<string, Access>>;
  /** The customers, by client id. */
  readonly customers: Readonly<Record<string, CustomerDeclaration>>;
}
