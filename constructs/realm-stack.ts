import { KeycloakProvider } from "@cdktf/provider-keycloak/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import { Construct, RootConstruct } from "constructs";
import { InvalidDeclarationError } from "../text/errors.ts";
import { agreementProblems } from "./agreement/agreement.ts";
import type { AuthenticationSettings } from "./authentication/authentication.ts";
import { keyHostProblems } from "./authentication/key-host.ts";
import { addRealmPolicies } from "./authentication/realm-policies.ts";
import { withoutCreationStacks } from "./synthesis/creation-stacks.ts";
import { templateProblems } from "./synthesis/terraform-template.ts";
import type { ApiScopes, Customer, RealmDeclaration } from "./declaration.ts";
import { addManagedRealm, forgetManagedRealm, type RealmReference } from "./realm/managed-realm.ts";
import { RealmContents } from "./realm/realm-contents.ts";
import { type RealmSettings, settingsProblems } from "./realm/realm-settings.ts";
import { serverUrlProblems } from "./realm/server-url.ts";
import { scopesByName } from "./shards/scopes-by-name.ts";
import { CustomerStack } from "./shards/customer-stack.ts";
import { shardsOutput } from "./shards/shard-of.ts";
import { type CustomerShards, ShardStacks } from "./shards/shards.ts";
import { addStateBackend, type StateBackend } from "./realm/state-backend.ts";
import { type SynthesizedJson, ValidatedStack } from "./synthesis/validated-stack.ts";

/** Properties of {@link RealmStack}. */
export type RealmStackProps = ManagedRealmProps | ExistingRealmProps;

/** Properties of a realm that is managed: its settings are part of the declaration. */
export interface ManagedRealmProps extends AnyRealmProps, RealmSettings {
  readonly existing?: false;
}

/** Properties of a realm that exists already. Nothing manages or changes its settings, so they cannot be declared. */
export interface ExistingRealmProps
  extends AnyRealmProps, Readonly<Partial<Record<keyof RealmSettings, never>>> {
  /**
   * True if the realm exists already: clients, client scopes and mappers are declared in it, and nothing else of it is managed.
   * @default false: the realm is managed
   */
  readonly existing: true;
}

interface AnyRealmProps {
  /** The realm's name, which is part of every token's `iss`. Another name declares a new realm, without the clients of the old one. */
  readonly realm: string;
  /** Keycloak's address, without credentials: terraform reads those from the KEYCLOAK_* variables. */
  readonly keycloak: {
    /** Keycloak's address without the base path: `https://login.example.com`. Without https only on localhost. */
    readonly url: string;
    /**
     * The path below which Keycloak answers, `/auth` on older servers.
     * @default "" (the root)
     */
    readonly basePath?: string;
  };
  /**
   * The state backend, in which terraform keeps its state.
   * @default a file in the folder that cdktf runs in
   */
  readonly state?: StateBackend;
  /**
   * Settings of authentication that all customers share.
   * @default see {@link AuthenticationSettings}
   */
  readonly authentication?: AuthenticationSettings;
  /**
   * The stacks that customers are distributed to, each with a state of its own, such as `{ count: 4 }`.
   * @default one stack: customers are in the realm's own
   */
  readonly shards?: CustomerShards;
}

/**
 * A realm, with everything that is declared in it as children. It is secure by default: TLS for external requests, no
 * self-registration, brute-force detection, access tokens of 5 minutes, and the defaults of {@link RealmSettings}. New clients start
 * with `basic` as their only client scope. With `existing: true`, the realm itself stays as it is.
 *
 * @example
 * const realm = new RealmStack(app, "atlas", {
 *   realm: "atlas",
 *   keycloak: { url: "https://login.example.com" },
 * });
 * @see https://www.keycloak.org/docs/latest/server_admin/#configuring-realms
 */
export class RealmStack extends ValidatedStack {
  /** The realm's id: for a managed realm a reference, so that a resource that uses it is created after the realm. */
  readonly realmId: string;
  /** Resources that a client has to wait for; see {@link RealmReference}. */
  readonly clientDependencies: RealmReference["clientDependencies"];
  /** Whether the realm exists already, so that its settings are not managed. */
  readonly isExisting: boolean;
  /** Everything that is declared in the realm so far. */
  readonly contents = new RealmContents();

  readonly #props: RealmStackProps;
  readonly #shards: ShardStacks | undefined;

  constructor(scope: Construct, id: string, props: RealmStackProps) {
    super(scope, id);
    this.#props = props;
    addStateBackend(this, props.state ?? { type: "local" });
    new KeycloakProvider(this, "keycloak", {
      url: props.keycloak.url,
      basePath: props.keycloak.basePath ?? "",
    });
    this.isExisting = props.existing === true;
    const { shards, keycloak, state = { type: "local" } } = props;
    if (shards && shards.count > 1) {
      this.#shards = new ShardStacks(shards, {
        ...{ realm: this, keycloak, state, declaration: () => this.#declaration(new Map()) },
      });
      new TerraformOutput(this, shardsOutput, { value: shards.count, staticId: true });
    }
    const { realmId, clientDependencies } = this.isExisting
      ? { realmId: props.realm, clientDependencies: [] }
      : addManagedRealm(this, props.realm, props, () => this.contents.hasGroups);
    if (this.isExisting) forgetManagedRealm(this);
    this.realmId = realmId;
    this.clientDependencies = clientDependencies;
    // in an existing realm they would apply to the clients of others, too
    if (!this.isExisting) addRealmPolicies(this, props.authentication ?? {});
    this.node.addValidation({
      validate: () => [
        ...templateProblems("realm", props.realm),
        ...(this.isExisting ? unmanagedSettings(props) : settingsProblems(props)),
        ...serverUrlProblems(props.keycloak.url).map((problem) => `keycloak.url: ${problem}`),
        ...templateProblems("keycloak.basePath", props.keycloak.basePath ?? ""),
        ...(props.authentication?.allowedJwksHosts ?? [])
          .flatMap(keyHostProblems)
          .map((problem) => `authentication.allowedJwksHosts: ${problem}`),
      ],
    });
  }

  /**
   * The realm that a construct belongs to.
   *
   * @throws InvalidDeclarationError if the construct is in no RealmStack
   */
  static override of(construct: Construct): RealmStack {
    const stack = RealmStack.#find(construct);
    if (stack) return stack;
    throw new InvalidDeclarationError(
      `${construct.node.path} is not inside a RealmStack; create it inside one`,
    );
  }

  /**
   * The scope for a customer that is declared below a scope: that scope, or the one in the stack of the customer's shard.
   */
  static scopeForCustomer(
    id: string,
    entry: Pick<Customer, "renamedFrom">,
    scope: Construct,
  ): Construct {
    const realm = RealmStack.#find(scope);
    if (!realm || isInShard(scope)) return scope;
    return realm.#shards?.scopeFor(id, entry, scope) ?? scope;
  }

  static #find({ node }: Construct): RealmStack | undefined {
    return node.scopes
      .map((scope) => (scope instanceof CustomerStack ? scope.realm : scope))
      .findLast((scope) => scope instanceof RealmStack);
  }

  /** The alias of a trusted issuer for a construct, as a reference; the name itself in a shard, or if no such issuer is declared. */
  issuerAlias(name: string, owner: Construct): string {
    return isInShard(owner) ? name : (this.contents.issuerAlias(name) ?? name);
  }

  /** How a client refers to the realm. In a shard it names the realm, because no state reads another. */
  referenceFor(owner: Construct): RealmReference {
    const { realmId, clientDependencies } = this;
    return isInShard(owner)
      ? { realmId: this.#props.realm, clientDependencies: [] }
      : { realmId, clientDependencies };
  }

  /** The beginning of every new secret. */
  get secretPrefix(): string {
    return this.#props.authentication?.secretPrefix ?? "";
  }

  /** The name in Terraform's addresses that a child of a construct would have if the construct had another id. */
  logicalIdBelow({ node }: Construct, id: string, child: string): string {
    const stack = node.scopes.findLast((scope) => TerraformStack.isStack(scope));
    const start = stack ? node.scopes.indexOf(stack) + 1 : 0;
    const above = node.scopes.slice(start, -1).map((each) => each.node.id);
    const [first, ...others] = [...above, id, child];
    const path = others.reduce<Construct>(
      (scope, each) => new Construct(scope, each),
      new RootConstruct(first),
    );
    return this.allocateLogicalId(path.node);
  }

  /** Adds a customer to the declaration. */
  registerCustomer(construct: Construct, id: string, customer: Customer): void {
    this.contents.registerCustomer(id, customer);
    const stack = TerraformStack.of(construct);
    if (stack instanceof CustomerStack) stack.registerCustomer(id, customer);
  }

  /** Whether the stack of a construct is synthesized: shards can be left out. */
  isSynthesized({ node }: Construct): boolean {
    return node.root === this.node.root;
  }

  /** The client scopes of an API for a construct, in a shard by name; undefined if no such API is declared. */
  apiScopes(id: string, owner: Construct = this): ApiScopes | undefined {
    const scopes = this.contents.apiScopes(id);
    return scopes && isInShard(owner) ? scopesByName(id, scopes) : scopes;
  }

  /**
   * Everything declared so far. Customers are checked against it, so an API or a frontend that is declared later makes the
   * stack invalid.
   */
  get declaration(): RealmDeclaration {
    this.contents.markRead();
    return this.#declaration();
  }

  #declaration(customers?: ReadonlyMap<string, Customer>): RealmDeclaration {
    const { realm, keycloak } = this.#props;
    const { secretPrefix, allowedJwksHosts, rotationOverlap } = this.#props.authentication ?? {};
    return {
      realm,
      keycloak: { url: keycloak.url, basePath: keycloak.basePath ?? "" },
      ...this.contents.declaration(customers),
      ...(secretPrefix !== undefined && { secretPrefix }),
      ...(allowedJwksHosts && allowedJwksHosts.length > 0 && { allowedJwksHosts }),
      ...(rotationOverlap !== undefined && { rotationOverlap }),
      ...(this.isExisting && { existing: true }),
      ...(this.#shards && { shards: this.#shards.count }),
    };
  }

  /**
   * The synthesized Terraform JSON, and in its comment key `//` the {@link RealmDeclaration}.
   *
   * @throws InvalidDeclarationError if the resources give clients something else than the declaration says
   */
  override toTerraform(): SynthesizedJson {
    const json = withoutCreationStacks(() => super.toTerraform() as SynthesizedJson);
    const declaration = this.#declaration();
    // each shard checks its own customers
    const own = this.#shards ? { ...declaration, customers: {} } : declaration;
    this.refuse(agreementProblems(json.resource ?? {}, own));
    return { ...json, "//": { ...json["//"], declaration } };
  }
}

/** Problems of an existing realm's settings: each one that is declared. */
function unmanagedSettings(props: RealmStackProps): string[] {
  const other = ["existing", "realm", "keycloak", "state", "authentication", "shards"];
  return Object.entries(props)
    .filter(([name, value]) => value !== undefined && !other.includes(name))
    .map(
      ([name]) =>
        `${name} is a setting of the realm itself, which "existing: true" leaves as it is; remove it, and set it in Keycloak`,
    );
}

/** Whether a construct is in the stack of a shard. */
function isInShard({ node }: Construct): boolean {
  return node.scopes.some((scope) => scope instanceof CustomerStack);
}
