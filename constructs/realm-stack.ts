import { KeycloakProvider } from "@cdktf/provider-keycloak/lib/provider";
import { Realm } from "@cdktf/provider-keycloak/lib/realm";
import { RealmDefaultClientScopes } from "@cdktf/provider-keycloak/lib/realm-default-client-scopes";
import { RealmEvents } from "@cdktf/provider-keycloak/lib/realm-events";
import { RealmOptionalClientScopes } from "@cdktf/provider-keycloak/lib/realm-optional-client-scopes";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { InvalidDeclarationError } from "../text/errors.ts";
import { problemList } from "../text/problem-list.ts";
import { agreementProblems } from "./agreement/agreement.ts";
import type { SynthesizedResources } from "./agreement/synthesized-stack.ts";
import { templateProblems } from "./terraform-template.ts";
import type { Access, ApiScopes, Customer, RealmDeclaration } from "./declaration.ts";
import { type NameKind, NameRegistry } from "./names/name-registry.ts";
import {
  eventArguments,
  realmArguments,
  type RealmSettings,
  settingsProblems,
} from "./realm-settings.ts";
import { serverUrlProblems } from "./server-url.ts";
import { addStateBackend, type StateBackend } from "./state-backend.ts";

/** Properties of {@link RealmStack}. */
export interface RealmStackProps extends RealmSettings {
  /** The realm's name, which is part of every token's `iss`. Another name declares a new realm, without the clients of the old one. */
  readonly realm: string;
  /**
   * The name that people see when they sign in.
   * @default the realm's name
   */
  readonly displayName?: string;
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
}

/**
 * A realm, with everything that is declared in it as children. It is secure by default: TLS for external requests, no
 * self-registration, brute-force detection, access tokens of 5 minutes, and the defaults of {@link RealmSettings}. New clients start
 * with `basic` as their only client scope.
 *
 * @example
 * const realm = new RealmStack(app, "atlas", {
 *   realm: "atlas",
 *   keycloak: { url: "https://login.example.com" },
 * });
 * @see https://www.keycloak.org/docs/latest/server_admin/#configuring-realms
 */
export class RealmStack extends TerraformStack {
  /** The realm's id as a reference: a resource that uses it is created after the realm. */
  readonly realmId: string;
  /**
   * Resources that a client has to wait for. They make sure that the client starts with the realm's own client scopes, and that
   * the realm's events record its creation.
   */
  readonly clientDependencies: ITerraformDependable[];

  readonly #props: RealmStackProps;
  readonly #names = new NameRegistry();
  readonly #apis = new Map<string, ApiScopes>();
  readonly #frontends = new Map<string, Access>();
  readonly #customers = new Map<string, Customer>();
  #isRead = false;

  constructor(scope: Construct, id: string, props: RealmStackProps) {
    super(scope, id);
    this.#props = props;
    addStateBackend(this, props.state ?? { type: "local" });
    new KeycloakProvider(this, "keycloak", {
      url: props.keycloak.url,
      basePath: props.keycloak.basePath ?? "",
    });
    const realm = new Realm(this, "realm", {
      realm: props.realm,
      displayName: props.displayName ?? props.realm,
      enabled: true,
      sslRequired: "external",
      registrationAllowed: false,
      accessTokenLifespan: "5m0s",
      securityDefenses: { bruteForceDetection: {} },
      ...realmArguments(props),
      lifecycle: { preventDestroy: true },
    });
    this.node.addValidation({
      validate: () => [
        ...templateProblems("realm", props.realm),
        ...templateProblems("displayName", props.displayName ?? ""),
        ...serverUrlProblems(props.keycloak.url).map((problem) => `keycloak.url: ${problem}`),
        ...templateProblems("keycloak.basePath", props.keycloak.basePath ?? ""),
        ...settingsProblems(props),
      ],
    });
    const realmId = realm.id;
    this.realmId = realmId;
    const events = new RealmEvents(this, "events", { realmId, ...eventArguments(props) });
    this.clientDependencies = [
      events,
      new RealmDefaultClientScopes(this, "default-scopes", { realmId, defaultScopes: ["basic"] }),
      new RealmOptionalClientScopes(this, "optional-scopes", { realmId, optionalScopes: [] }),
    ];
  }

  /**
   * The realm that a construct belongs to.
   *
   * @throws InvalidDeclarationError if the construct is in no RealmStack
   */
  static override of(construct: Construct): RealmStack {
    const stack = construct.node.scopes.findLast((scope) => scope instanceof RealmStack);
    if (stack) return stack;
    throw new InvalidDeclarationError(
      `${construct.node.path} is not inside a RealmStack; create it inside one`,
    );
  }

  /** Reserves a client id or a client scope name for a construct; see {@link NameRegistry.reserve}. */
  reserveName(kind: NameKind, name: string, owner: Construct): void {
    this.#names.reserve(kind, name, owner);
  }

  /** Adds an API with its client scopes to the declaration. */
  registerApi(api: DeclaredClient, scopes: ApiScopes): void {
    this.#mustBeUnread(api);
    this.#apis.set(api.clientId, scopes);
  }

  /** Adds a frontend, with the access of its users, to the declaration. */
  registerFrontend(frontend: DeclaredClient, access: Access): void {
    this.#mustBeUnread(frontend);
    this.#frontends.set(frontend.clientId, access);
  }

  /** Adds a customer to the declaration. */
  registerCustomer(id: string, customer: Customer): void {
    this.#customers.set(id, customer);
  }

  /** The client ids of the APIs that are declared. */
  get apiIds(): readonly string[] {
    return [...this.#apis.keys()];
  }

  /** The client scopes of an API; undefined if no such API is declared. */
  apiScopes(id: string): ApiScopes | undefined {
    return this.#apis.get(id);
  }

  /**
   * Everything declared so far. Customers are checked against it, so an API or a frontend that is declared later makes the
   * stack invalid.
   */
  get declaration(): RealmDeclaration {
    this.#isRead = true;
    return this.#declaration();
  }

  #declaration(): RealmDeclaration {
    const { realm, keycloak } = this.#props;
    return {
      realm,
      keycloak: { url: keycloak.url, basePath: keycloak.basePath ?? "" },
      apis: Object.fromEntries(
        [...this.#apis].map(([id, { permissions }]) => [id, [...permissions.keys()]]),
      ),
      frontends: Object.fromEntries(this.#frontends),
      customers: Object.fromEntries(this.#customers),
    };
  }

  #mustBeUnread({ node }: DeclaredClient): void {
    if (!this.#isRead) return;
    const problem =
      "is declared after the stack's declaration was read; in main.ts, declare APIs and frontends before loadCustomers";
    node.addValidation({ validate: () => [problem] });
  }

  /** Validates before cdktf resolves tokens, so that text that looks like a token is reported and not resolved. */
  override prepareStack(): void {
    this.runAllValidations();
    super.prepareStack();
  }

  /** @throws InvalidDeclarationError with every problem of every construct */
  override runAllValidations(): void {
    const problems = this.node
      .findAll()
      .flatMap(({ node }) => node.validate().map((message) => ({ place: node.path, message })));
    if (problems.length > 0)
      throw new InvalidDeclarationError(problemList(this.node.path, problems));
  }

  /**
   * The synthesized Terraform JSON, and in its comment key `//` the {@link RealmDeclaration}.
   *
   * @throws InvalidDeclarationError if the resources give clients something else than the declaration says
   */
  override toTerraform(): SynthesizedJson {
    const json = super.toTerraform() as SynthesizedJson;
    const declaration = this.#declaration();
    const problems = agreementProblems(json.resource ?? {}, declaration);
    if (problems.length > 0)
      throw new InvalidDeclarationError(problemList(this.node.path, problems));
    return { ...json, "//": { ...json["//"], declaration } };
  }
}

/** Construct of a client. */
interface DeclaredClient extends Construct {
  readonly clientId: string;
}

interface SynthesizedJson {
  readonly "//": Readonly<Record<string, unknown>>;
  readonly resource?: SynthesizedResources;
}
