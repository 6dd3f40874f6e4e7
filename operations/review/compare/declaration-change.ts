import type { MixedWord } from "../../../configuration/customer-name.ts";
import type { IdentifiedCustomer } from "../../../constructs/declaration.ts";
import type { Credentials } from "./customers/credentials.ts";
import type { Entity } from "./resources/entity.ts";
import type { RealmLifespans } from "./customers/lifespans.ts";
import type { ValueChange } from "./values.ts";

/** Access that a client gains or loses at one API. */
export interface ApiAccess {
  /** The API's client id. */
  readonly api: string;
  /** Whether the API itself is added to, or removed from, the token's `aud`. */
  readonly audience: boolean;
  /** The permissions that are added to, or removed from, the token's `scope`. */
  readonly permissions: readonly string[];
}

/** A client that stays, and what it gains and loses. */
export interface AccessChange {
  /** The client id. */
  readonly id: string;
  readonly gained: readonly ApiAccess[];
  readonly lost: readonly ApiAccess[];
}

/** A changed value of a resource. */
export interface SettingChange extends ValueChange {
  readonly entity: Entity;
  /** Terraform's address. */
  readonly address: string;
}

/** A customer as its resources declare it. */
export interface ReviewedCustomer extends IdentifiedCustomer {
  readonly credentials: Credentials;
}

/** A changed credential. The attribute is a name of {@link Credentials}. */
export interface CredentialChange extends ValueChange {
  readonly attribute: keyof Credentials;
  /** Whether the customer has to change something on its side, or its access stops. */
  readonly hasToAct: boolean;
}

/** A customer that stays, and the credentials that change. */
export interface CredentialsChange {
  readonly id: string;
  readonly before: Credentials;
  readonly after: Credentials;
  readonly changes: readonly CredentialChange[];
  /** Whether access has ended after the change, so that the customer is suspended. */
  readonly hasEnded: boolean;
}

/** A customer that keeps its client under another client id. */
export interface Rename {
  readonly id: string;
  /** The previous client id. */
  readonly from: string;
}

/**
 * A value that the code, not `customers.yaml`, changes in the clients of several customers in the same way. For added customers, `from`
 * is the value of the other customers.
 */
export interface CustomerSettingChange extends ValueChange {
  /** Terraform's type of the resource that has the value. */
  readonly type: string;
  /** Their client ids. */
  readonly customers: readonly string[];
}

/**
 * Changes to customers. Every list is sorted by id. Entries show a customer after the change, or before it if the customer is
 * removed.
 */
export interface CustomersChange {
  /** The number of customers before. */
  readonly before: number;
  /** The number of customers after. */
  readonly after: number;
  readonly added: readonly ReviewedCustomer[];
  readonly suspended: readonly ReviewedCustomer[];
  readonly resumed: readonly ReviewedCustomer[];
  readonly removed: readonly ReviewedCustomer[];
  readonly renamed: readonly Rename[];
  /** Names and contacts of customers that stay. */
  readonly changed: readonly { readonly id: string; readonly changes: readonly ValueChange[] }[];
  /** Words in names that are new. */
  readonly mixedScripts: readonly ({ readonly id: string } & MixedWord)[];
  /** Access of customers that stay. */
  readonly access: readonly AccessChange[];
  /** Credentials of customers that stay. */
  readonly credentials: readonly CredentialsChange[];
  /** Lifespans of the tokens of customers that set none. */
  readonly realmLifespans: RealmLifespans;
  /** Seconds for which a previous secret goes on working after a rotation; null if it ends at once. */
  readonly rotationOverlap: number | null;
  /** Settings that the code changes in their clients. */
  readonly settings: readonly CustomerSettingChange[];
}

/** Changes to APIs. */
export interface ApisChange {
  readonly added: readonly { readonly id: string; readonly permissions: readonly string[] }[];
  readonly removed: readonly { readonly id: string; readonly permissions: readonly string[] }[];
  readonly changed: readonly {
    readonly id: string;
    readonly added: readonly string[];
    readonly removed: readonly string[];
  }[];
}

/** Changes to frontends. */
export interface FrontendsChange {
  readonly added: readonly AccessChange[];
  readonly removed: readonly AccessChange[];
  readonly changed: readonly AccessChange[];
}

/** A role of people at an API, and the permissions that it gains and loses. */
export interface RoleChange {
  /** The API's client id. */
  readonly api: string;
  /** The name of the role. */
  readonly role: string;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/** Changes to the roles of APIs. The roles of permissions, which grant nothing else, are not among them. */
export interface RolesChange {
  readonly added: readonly RoleChange[];
  readonly removed: readonly RoleChange[];
  readonly changed: readonly RoleChange[];
  /** Existing APIs that get their first roles. There, people without a role lose what their frontends declare. */
  readonly needed: readonly string[];
  /** Existing APIs that lose their last role. There, all people get what their frontends declare. */
  readonly noLongerNeeded: readonly string[];
}

/** Roles of one API. */
export interface RolesOfApi {
  /** The API's client id; null for roles that belong to no API. */
  readonly api: string | null;
  readonly roles: readonly string[];
}

/** A group of people, and the roles that its members gain and lose. */
export interface GroupChange {
  readonly path: string;
  readonly gained: readonly RolesOfApi[];
  readonly lost: readonly RolesOfApi[];
}

/** Changes to groups. */
export interface GroupsChange {
  readonly added: readonly GroupChange[];
  readonly removed: readonly GroupChange[];
  readonly changed: readonly GroupChange[];
}

/** A change of what the realm demands of customers' authentication, and of whom it trusts for it. */
export interface RealmAuthenticationChange {
  /** The methods that a permission demands; null for any. */
  readonly requirements: readonly {
    readonly permission: string;
    readonly from: readonly string[] | null;
    readonly to: readonly string[] | null;
  }[];
  /** The `iss` of trusted issuers by name; null if it is not trusted. */
  readonly issuers: readonly {
    readonly name: string;
    readonly from: string | null;
    readonly to: string | null;
  }[];
  /** Hosts that Keycloak may fetch customers' keys from; null if they stay the same. */
  readonly keyHosts: { readonly from: readonly string[]; readonly to: readonly string[] } | null;
  /** Seconds for which a previous secret goes on working after a rotation, null for none; null if that stays the same. */
  readonly rotationOverlap: { readonly from: number | null; readonly to: number | null } | null;
}

/** Something that is declared before and after, and that terraform recreates nevertheless. */
export interface Replacement extends Entity {
  /** The reason: its own address changes, or its realm is recreated. */
  readonly because: "address" | "realm";
}

/** A resource that is added or removed, and that is no part of a customer that is added or removed. */
export interface ResourceAddedOrRemoved {
  readonly address: string;
  readonly entity: Entity;
  readonly change: "added" | "removed";
  /** The arguments of an added resource, each a change from null. Empty if it is removed. */
  readonly values: readonly ValueChange[];
}

/** Changes from one declaration to another. */
export interface DeclarationChange {
  /** The realm's name after the change. */
  readonly realm: string;
  /** The realm's name before the change; null if nothing was declared. */
  readonly realmBefore: string | null;
  readonly customers: CustomersChange;
  readonly apis: ApisChange;
  readonly frontends: FrontendsChange;
  readonly roles: RolesChange;
  readonly groups: GroupsChange;
  readonly authentication: RealmAuthenticationChange;
  /** Changed settings of everything else: realm, APIs, frontends, scopes, and every other block of the stack, such as the provider. */
  readonly settings: readonly SettingChange[];
  readonly otherResources: readonly ResourceAddedOrRemoved[];
  readonly replaced: readonly Replacement[];
}
