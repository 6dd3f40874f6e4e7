import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type { Customer, RealmDeclaration } from "../../../constructs/declaration.ts";
import { inFlight } from "../../../system/in-flight.ts";
import { isForbidden } from "../../keycloak/failures.ts";
import { expectedToken } from "../../keycloak/token.ts";
import {
  actingProblems,
  clientProblems,
  readServiceAccount,
  scopesOf,
  type ServiceAccount,
} from "./customer.ts";
import { isMissing, type Problem } from "../difference.ts";
import { commonToken, type CommonToken, exampleTokenProblems } from "./example-token.ts";
import type { RealClient, RealRealm } from "../real-realm.ts";
import type { Verified } from "../verified.ts";

/** Customers at the same time. Each makes one request after the other. */
const atOnce = 8;

/** Result of verifying the customers. */
export interface VerifiedCustomers {
  readonly verified: readonly Verified[];
  /** Whether the login may view service accounts, and so ask for example tokens. */
  readonly hasAccounts: boolean;
}

/** Verifies the customers of a realm, some at the same time. */
export class CustomerVerifier {
  readonly #admin: KcAdminClient;
  readonly #realm: string;
  readonly #issuer: string;
  readonly #real: RealRealm;
  readonly #shared: readonly Verified[];
  readonly #token: CommonToken;
  #hasAccounts = true;

  /** @param shared what customers share, which was verified before */
  constructor(
    admin: KcAdminClient,
    realm: string,
    issuer: string,
    real: RealRealm,
    shared: readonly Verified[],
  ) {
    this.#admin = admin;
    this.#realm = realm;
    this.#issuer = issuer;
    this.#real = real;
    this.#shared = shared;
    this.#token = commonToken(real.settings, real.scopes);
  }

  /** @param onCustomer called after each customer */
  async verify(
    customers: RealmDeclaration["customers"],
    onCustomer?: (done: number, all: number) => void,
  ): Promise<VerifiedCustomers> {
    const entries = Object.entries(customers);
    let done = 0;
    const verified = await inFlight(atOnce, entries, async ([name, customer]) => {
      const client = await this.#real.client(name);
      const problems = client ? await this.#problems(client, customer) : [isMissing];
      onCustomer?.(++done, entries.length);
      return { kind: "customer", name, problems } as const;
    });
    return { verified, hasAccounts: this.#hasAccounts };
  }

  async #problems(client: RealClient, customer: Customer): Promise<Problem[]> {
    const account = client.serviceAccountsEnabled ? await this.#account(client) : undefined;
    const problems = [
      ...clientProblems(client, customer),
      ...(await actingProblems(this.#admin, this.#realm, client)),
      ...(account?.problems ?? []),
    ];
    // the token of a client with a known difference would only show its consequences
    if (!account || problems.length > 0 || this.#sharesProblems(customer)) return problems;
    const ids = { realm: this.#realm, id: client.id, userId: account.id };
    const expected = expectedToken(this.#issuer, client.clientId, customer);
    return exampleTokenProblems(this.#admin, ids, customer, expected, this.#token);
  }

  /** Whether something that a customer shares with others is not as declared. */
  #sharesProblems(customer: Customer): boolean {
    const names = [...scopesOf(customer), ...Object.keys(customer.access)];
    return this.#shared.some(
      ({ kind, name, problems }) =>
        problems.length > 0 && (kind === "realm" || names.includes(name)),
    );
  }

  async #account(client: RealClient): Promise<ServiceAccount | undefined> {
    if (!this.#hasAccounts) return undefined;
    try {
      const { defaultRole } = this.#real.settings;
      return await readServiceAccount(this.#admin, this.#realm, client, defaultRole?.name);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      this.#hasAccounts = false;
      return undefined;
    }
  }
}
