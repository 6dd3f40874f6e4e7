import { KeycloakProvider } from "@cdktf/provider-keycloak/lib/provider";
import { Realm } from "@cdktf/provider-keycloak/lib/realm";
import { RealmDefaultClientScopes } from "@cdktf/provider-keycloak/lib/realm-default-client-scopes";
import { RealmEvents } from "@cdktf/provider-keycloak/lib/realm-events";
import { RealmOptionalClientScopes } from "@cdktf/provider-keycloak/lib/realm-optional-client-scopes";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ExplainedError } from "../text/errors.ts";
import { problemList } from "../text/problem-list.ts";
import { templateProblems } from "../text/template.ts";
import { type ClaimKind, Claims } from "./claims.ts";
import type { Access, ApiScopes, CustomerDeclaration, RealmDeclaration } from "./declaration.ts";
import { addStateBackend, type StateBackend } from "./state-backend.ts";

const eventRetentionSeconds = 90 * 24 * 60 * 60;

/** Properties of {@link RealmStack}. */
export interface RealmStackProps {
  /** The realm's name; it stands in every token's `iss`. A changed name is a new realm, without the clients of the old. */
  readonly realm: string;
  /**
   * The name that people see when they sign in.
   * @default the realm's name
   */
  readonly displayName?: string;
  /** Where Keycloak is. Credentials are no part of it: terraform takes them from the KEYCLOAK_* variables. */
  readonly keycloak: {
    /** Its address, without the base path: `https://login.example.com`. */
    readonly url: string;
    /**
     * The path below which it answers, `/auth` on older servers.
     * @default "" (the root)
     */
    readonly basePath?: string;
  };
  /**
   * Where terraform keeps its state.
   * @default a file in the folder that cdktf runs in
   */
  readonly state?: StateBackend;
}

/**
 * A realm and, as its children, everything that the declaration puts into it. Secure before anyone asks: TLS for requests
 * from outside, no self-registration, brute-force detection, access tokens of 5 minutes, admin and login events kept for
 * 90 days, `basic` as the only client scope that a new client starts with.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#configuring-realms
 */
export class RealmStack extends TerraformStack {
  /** The realm's id as a reference: what uses it is created after the realm. */
  readonly realmId: string;
  /**
   * What a client has to wait for, to start with the realm's own client scopes instead of Keycloak's, and for its creation to be
   * among the realm's events.
   */
  readonly clientDependencies: ITerraformDependable[];
  /** The APIs declared so far, by client id. */
  readonly apis = new Map<string, ApiScopes>();
  /** What the users of each frontend declared so far may do. */
  readonly frontends = new Map<string, Access>();
  /** The customers declared so far, by client id. */
  readonly customers = new Map<string, CustomerDeclaration>();

  readonly #props: RealmStackProps;
  readonly #claims = new Claims();

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
      attributes: { adminEventsExpiration: String(eventRetentionSeconds) },
      lifecycle: { preventDestroy: true },
    });
    this.node.addValidation({
      validate: () => [
        ...templateProblems("realm", props.realm),
        ...templateProblems("displayName", props.displayName ?? ""),
        ...templateProblems("keycloak.url", props.keycloak.url),
        ...templateProblems("keycloak.basePath", props.keycloak.basePath ?? ""),
      ],
    });
    const realmId = realm.id;
    this.realmId = realmId;
    const events = new RealmEvents(this, "events", {
      realmId,
      eventsEnabled: true,
      eventsExpiration: eventRetentionSeconds,
      eventsListeners: ["jboss-logging"],
      adminEventsEnabled: true,
    });
    this.clientDependencies = [
      events,
      new RealmDefaultClientScopes(this, "default-scopes", { realmId, defaultScopes: ["basic"] }),
      new RealmOptionalClientScopes(this, "optional-scopes", { realmId, optionalScopes: [] }),
    ];
  }

  /**
   * The realm that a construct stands in.
   *
   * @throws ExplainedError if it stands in no RealmStack
   */
  static override of(construct: Construct): RealmStack {
    const stack = construct.node.scopes.findLast((scope) => scope instanceof RealmStack);
    if (stack) return stack;
    throw new ExplainedError(
      1,
      `${construct.node.path} stands in no RealmStack; create it inside one`,
    );
  }

  /** Takes a client id or a client scope's name for a construct; {@link Claims} says when that is an error. */
  claim(kind: ClaimKind, name: string, owner: Construct): void {
    this.#claims.take(kind, name, owner);
  }

  /** What has been declared so far. */
  get declaration(): RealmDeclaration {
    const { realm, keycloak } = this.#props;
    return {
      realm,
      keycloak: { url: keycloak.url, basePath: keycloak.basePath ?? "" },
      apis: Object.fromEntries(
        [...this.apis].map(([id, { permissions }]) => [id, [...permissions.keys()]]),
      ),
      frontends: Object.fromEntries(this.frontends),
      customers: Object.fromEntries(this.customers),
    };
  }

  /** Validates before cdktf resolves tokens, so that text which looks like one is explained and not resolved. */
  override prepareStack(): void {
    this.runAllValidations();
    super.prepareStack();
  }

  /** @throws ExplainedError with every problem of every construct */
  override runAllValidations(): void {
    const problems = this.node
      .findAll()
      .flatMap(({ node }) => node.validate().map((message) => ({ place: node.path, message })));
    if (problems.length > 0) throw new ExplainedError(1, problemList(this.node.path, problems));
  }

  /** The synthesized Terraform JSON, and in its comment key `//` the {@link RealmDeclaration}. */
  override toTerraform(): SynthesizedStack {
    const json = super.toTerraform() as SynthesizedStack;
    return { ...json, "//": { ...json["//"], declaration: this.declaration } };
  }
}

interface SynthesizedStack {
  readonly "//": Readonly<Record<string, unknown>>;
}
