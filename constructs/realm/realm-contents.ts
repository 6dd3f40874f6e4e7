import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import type { AuthenticationMethod } from "../authentication/authentication.ts";
import type { Access, ApiScopes, Customer, RealmDeclaration } from "../declaration.ts";
import { type NameKind, NameRegistry } from "../names/name-registry.ts";

/** Everything that constructs have declared in a realm so far. */
export class RealmContents {
  readonly #names = new NameRegistry();
  readonly #apis = new Map<string, ApiScopes>();
  readonly #frontends = new Map<string, Access>();
  readonly #customers = new Map<string, Customer>();
  readonly #groups = new Map<string, DeclaredGroup>();
  readonly #requires = new Map<string, readonly AuthenticationMethod[]>();
  readonly #issuers = new Map<string, DeclaredIssuer>();
  readonly #policies: ITerraformDependable[] = [];
  #isRead = false;

  /** Reserves a client id, a client scope name or a group path for a construct; see {@link NameRegistry.reserve}. */
  reserveName(kind: NameKind, name: string, owner: Construct): void {
    this.#names.reserve(kind, name, owner);
  }

  /** Adds an API with its client scopes. */
  registerApi(api: DeclaredClient, scopes: ApiScopes): void {
    this.#mustBeUnread(api);
    this.#apis.set(api.clientId, scopes);
  }

  /** The client ids of the APIs. */
  get apiIds(): readonly string[] {
    return [...this.#apis.keys()];
  }

  /** The client scopes of an API; undefined if no such API is declared. */
  apiScopes(id: string): ApiScopes | undefined {
    return this.#apis.get(id);
  }

  /** Adds a frontend, with the access of its users. */
  registerFrontend(frontend: DeclaredClient, access: Access): void {
    this.#mustBeUnread(frontend);
    this.#frontends.set(frontend.clientId, access);
  }

  /** Adds a group, with the roles of its members. */
  registerGroup(path: string, group: DeclaredGroup): void {
    this.#groups.set(path, group);
  }

  /** The id of a group as a reference; undefined if no such group is declared. */
  groupId(path: string): string | undefined {
    return this.#groups.get(path)?.id;
  }

  /** Whether a group is declared. */
  get hasGroups(): boolean {
    return this.#groups.size > 0;
  }

  /** Adds a client policy. The next one waits for it; see {@link policiesSoFar}. */
  registerPolicy(policy: ITerraformDependable): void {
    this.#policies.push(policy);
  }

  /** The last client policy: each one changes the realm's whole list, so they are created one after the other. */
  get policiesSoFar(): ITerraformDependable[] {
    return this.#policies.slice(-1);
  }

  /** Adds the methods that a permission demands. */
  registerRequirement(permission: string, methods: readonly AuthenticationMethod[]): void {
    this.#requires.set(permission, methods);
  }

  /** Adds a trusted issuer. @returns the name of another one with the same `iss` */
  registerIssuer(construct: Construct, added: DeclaredIssuer): string | undefined {
    this.#mustBeUnread(construct);
    const same = [...this.#issuers].find(([, { issuer }]) => issuer === added.issuer);
    this.#issuers.set(construct.node.id, added);
    return same?.[0];
  }

  /** The alias of a trusted issuer as a reference; undefined if no such issuer is declared. */
  issuerAlias(name: string): string | undefined {
    return this.#issuers.get(name)?.alias;
  }

  /** Adds a customer. */
  registerCustomer(id: string, customer: Customer): void {
    this.#customers.set(id, customer);
  }

  /** Makes the stack invalid if an API, a frontend or a trusted issuer is added from now on: customers have been checked without it. */
  markRead(): void {
    this.#isRead = true;
  }

  /** The contents as part of the realm's declaration, with all customers or with others instead. */
  declaration(customers: ReadonlyMap<string, Customer> = this.#customers): DeclaredContents {
    const roles = [...this.#apis].flatMap(([id, api]) =>
      api.roles ? [[id, api.roles.permissions] as const] : [],
    );
    const groups = [...this.#groups].map(([path, { access }]) => [path, access] as const);
    const issuers = [...this.#issuers].map(([name, { issuer }]) => [name, issuer] as const);
    return {
      apis: Object.fromEntries(
        [...this.#apis].map(([id, { permissions }]) => [id, [...permissions.keys()]]),
      ),
      frontends: Object.fromEntries(this.#frontends),
      customers: Object.fromEntries(customers),
      ...(roles.length > 0 && { roles: Object.fromEntries(roles) }),
      ...(groups.length > 0 && { groups: Object.fromEntries(groups) }),
      ...(this.#requires.size > 0 && { requires: Object.fromEntries(this.#requires) }),
      ...(issuers.length > 0 && { issuers: Object.fromEntries(issuers) }),
    };
  }

  #mustBeUnread({ node }: Construct): void {
    if (!this.#isRead) return;
    const problem =
      "is declared after the stack's declaration was read; in main.ts, declare APIs, frontends and trusted issuers before loadCustomers";
    node.addValidation({ validate: () => [problem] });
  }
}

type DeclaredContents = Pick<
  RealmDeclaration,
  "apis" | "frontends" | "customers" | "roles" | "groups" | "requires" | "issuers"
>;

/** Construct of a client. */
interface DeclaredClient extends Construct {
  readonly clientId: string;
}

/** A trusted issuer: its alias as a reference, and the `iss` of its tokens. */
interface DeclaredIssuer {
  readonly alias: string;
  readonly issuer: string;
}

/** A group: its id as a reference, and the roles of its members. */
interface DeclaredGroup {
  readonly id: string;
  readonly access: Access;
}
