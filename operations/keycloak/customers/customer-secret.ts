import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { authenticationOfCustomer } from "../../../constructs/authentication/authentication.ts";
import type { Customer, RealmDeclaration } from "../../../constructs/declaration.ts";
import { RefusedError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import { adminClient, type Login } from "../login/admin.ts";
import type { FoundClient } from "../clients.ts";
import { keycloakClock } from "../clock.ts";
import { deployedCustomer } from "./deployed-customer.ts";
import {
  endPreviousSecret,
  previousSecretEnd,
  replaceSecret,
  rotationOverlap,
  secretNumber,
} from "./rotation.ts";

/** The secret of a customer in Keycloak, which a command replaces. */
export class CustomerSecret {
  /** Seconds for which the secret goes on working after a rotation; undefined if it ends at once. */
  readonly overlap: number | undefined;
  /** The end of the previous secret, in seconds since 1970; undefined if none works. */
  readonly previousEnd: number | undefined;
  readonly #admin: KcAdminClient;
  readonly #declaration: RealmDeclaration;
  readonly #client: FoundClient;
  readonly #clock: () => number;

  private constructor(
    admin: KcAdminClient,
    declaration: RealmDeclaration,
    client: FoundClient,
    clock: () => number,
    overlap: number | undefined,
  ) {
    this.#admin = admin;
    this.#declaration = declaration;
    this.#client = client;
    this.#clock = clock;
    this.overlap = overlap;
    this.previousEnd = previousSecretEnd(client, clock());
  }

  /**
   * Reads it.
   *
   * @throws RefusedError if the customer is not deployed, or authenticates without a secret
   */
  static async read(
    declaration: RealmDeclaration,
    id: string,
    customer: Customer,
    login: Login,
  ): Promise<CustomerSecret> {
    const { method } = authenticationOfCustomer(customer);
    if (method !== "client_secret")
      throw new RefusedError(
        `the customer ${quoted(id)} authenticates with ${method}, so it has no secret to rotate; npm run revoke -- ${id} ends its tokens`,
      );
    const admin = await adminClient(login, true);
    const clock = await keycloakClock(admin, login);
    const client = await deployedCustomer(admin, declaration.realm, id);
    const overlap = await rotationOverlap(admin, declaration);
    return new CustomerSecret(admin, declaration, client, clock, overlap);
  }

  /**
   * Replaces it. A number that the entry declares counts as done.
   *
   * @param declared the number of the secret in the entry
   * @returns the end of the old secret, in seconds since 1970; undefined if it has ended
   */
  replace(declared = 1): Promise<number | undefined> {
    const { realm, secretPrefix: prefix = "" } = this.#declaration;
    return replaceSecret(this.#admin, realm, this.#client, {
      ...{ prefix, overlap: this.overlap, now: this.#clock() },
      number: Math.max(declared, secretNumber(this.#client)),
    });
  }

  /** Ends the previous secret at once. */
  endPrevious(): Promise<void> {
    return endPreviousSecret(this.#admin, this.#declaration.realm, this.#client);
  }
}
