import type { Access } from "../constructs/declaration.ts";

/** What a resource of Terraform's is in our words. */
export type Kind = "realm" | "API" | "frontend" | "scope" | "customer" | "other";

/** A thing and its name: a client id, a scope's or a realm's name, or an address where there is no better. */
export interface Subject {
  readonly kind: Kind;
  readonly name: string;
}

/** What somebody gains or loses at one API. */
export interface Grant {
  /** The API's client id. */
  readonly api: string;
  /** True where the API itself comes into, or goes out of, the token's `aud`. */
  readonly audience: boolean;
  /** The permissions that come into, or go out of, the token's `scope`. */
  readonly permissions: readonly string[];
}

/** A client that stays, and what it gains and loses. */
export interface AccessChange {
  /** The client id. */
  readonly id: string;
  readonly gained: readonly Grant[];
  readonly lost: readonly Grant[];
}

/** A customer that is there before, or after, or both. */
export interface CustomerEntry {
  /** The client id. */
  readonly id: string;
  readonly name: string;
  readonly contact: string;
  /** False for a suspended one: after the change, or before it if it is removed. */
  readonly enabled: boolean;
  /** Its permissions by API, after the change, or before it if it is removed. */
  readonly access: Access;
}

/** A value that changes: null where there is none, `(hidden)` where nobody should see it. */
export interface ValueChange {
  /** Terraform's name of it, dotted where it is inside of another. */
  readonly attribute: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** A value of something that changes. */
export interface SettingChange extends ValueChange {
  readonly subject: Subject;
  /** Terraform's address. */
  readonly address: string;
}

/** A value that changes in several customers' clients alike, by the code and not by `customers.yaml`. */
export interface CustomerSettingChange extends ValueChange {
  /** Their client ids. */
  readonly customers: readonly string[];
}

/** What a change does to the customers. Every list is in the order of the ids. */
export interface CustomersReview {
  /** How many there are before. */
  readonly before: number;
  /** How many there are after. */
  readonly after: number;
  readonly added: readonly CustomerEntry[];
  readonly suspended: readonly CustomerEntry[];
  readonly resumed: readonly CustomerEntry[];
  readonly removed: readonly CustomerEntry[];
  /** Names and contacts of those that stay. */
  readonly changed: readonly { readonly id: string; readonly changes: readonly ValueChange[] }[];
  /** Who of those that stay gains and loses what. */
  readonly access: readonly AccessChange[];
  /** What the code changes in their clients. */
  readonly settings: readonly CustomerSettingChange[];
}

/** What a change does to the APIs. */
export interface ApisReview {
  readonly added: readonly { readonly id: string; readonly permissions: readonly string[] }[];
  readonly removed: readonly { readonly id: string; readonly permissions: readonly string[] }[];
  readonly changed: readonly {
    readonly id: string;
    readonly added: readonly string[];
    readonly removed: readonly string[];
  }[];
}

/** What a change does to the frontends. */
export interface FrontendsReview {
  readonly added: readonly AccessChange[];
  readonly removed: readonly AccessChange[];
  readonly changed: readonly AccessChange[];
}

/** Something that is there before and after, and that terraform makes anew all the same. */
export interface Replacement extends Subject {
  /** Why. */
  readonly because: "its address changes" | "the realm is made anew";
}

/** What the change from one declaration to another does. */
export interface Review {
  /** The realm's name after the change. */
  readonly realm: string;
  /** The realm's name before the change, where it is another; null where nothing was declared. */
  readonly realmBefore: string | null;
  readonly customers: CustomersReview;
  readonly apis: ApisReview;
  readonly frontends: FrontendsReview;
  /** What changes beside customers and access: realm, APIs, frontends, scopes, provider and state. */
  readonly settings: readonly SettingChange[];
  /** Parts that come or go and that nothing above says. */
  readonly parts: readonly {
    readonly address: string;
    readonly subject: Subject;
    readonly change: "added" | "removed";
  }[];
  readonly replaced: readonly Replacement[];
}
