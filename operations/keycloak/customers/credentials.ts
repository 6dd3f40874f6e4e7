import { fileOfCustomer } from "../../../configuration/customers.ts";
import { endOfAccess } from "../../../configuration/customers/expiry.ts";
import {
  type Authentication,
  authenticationOfCustomer,
  clientAuthenticators,
} from "../../../constructs/authentication/authentication.ts";
import type { Customer, RealmDeclaration } from "../../../constructs/declaration.ts";
import { RefusedError } from "../../../text/errors.ts";
import { adminClient, type Login } from "../login/admin.ts";
import { keycloakClock } from "../clock.ts";
import { declaredCustomer } from "./declared-customer.ts";
import { deployedCustomer, deployedLifespan } from "./deployed-customer.ts";
import { discover } from "../discovery.ts";
import { readSecret } from "./readable-secret.ts";
import { previousSecretEnd } from "./rotation.ts";
import { expectedToken, issuerOf } from "../token.ts";

/** Credentials and addresses with which a customer's developer obtains a token. */
export interface Credentials {
  /** The name that people see. */
  readonly name: string;
  readonly clientId: string;
  /** The token endpoint; for a TLS client certificate the one that asks for it. */
  readonly tokenUrl: string;
  /** The realm's issuer: the only `aud` that it accepts in a customer's assertion. */
  readonly issuer: string;
  readonly auth: Authentication;
  /** The `iss` of the tokens that a customer with `federated_jwt` presents. */
  readonly trustedIssuer?: string;
  /** The secret; undefined if the customer authenticates without one. */
  readonly secret?: string;
  /** Until when the secret before the last rotation works, in seconds since 1970; undefined if it has ended. */
  readonly previousSecretUntil?: number;
  /** The APIs that the token is for. */
  readonly audiences: readonly string[];
  readonly permissions: readonly string[];
  /** Lifespan of an access token in seconds; undefined if the login may not view the realm. */
  readonly tokenLifespan?: number;
  readonly tokenBinding?: "dpop";
  /** The instant at which access ends: `2027-07-01T00:00:00Z`; undefined if it has no end. */
  readonly accessEnds?: string;
}

/**
 * A customer that is declared and not suspended.
 *
 * @param file the file or folder with the customers, for the message
 * @throws RefusedError if it is not declared, or suspended
 */
export function activeCustomer(declaration: RealmDeclaration, id: string, file: string): Customer {
  const customer = declaredCustomer(declaration, id, file);
  if (!customer.enabled) {
    const remove = 'remove "enabled: false"';
    const place = fileOfCustomer(file, id);
    const fix =
      customer.expires === undefined
        ? `${remove} from ${place}`
        : `${remove} or set a later "expires" in ${place}`;
    throw new RefusedError(
      `the customer "${id}" is suspended and gets no token; ${fix} and deploy`,
    );
  }
  return customer;
}

/**
 * Reads a customer's credentials from Keycloak.
 *
 * @throws RefusedError if the customer is not deployed, still suspended in Keycloak, or authenticates in another way there
 */
export async function readCredentials(
  declaration: RealmDeclaration,
  id: string,
  customer: Customer,
  login: Login,
): Promise<Credentials> {
  const { realm } = declaration;
  const admin = await adminClient(login);
  const client = await deployedCustomer(admin, realm, id);
  if (!client.enabled)
    throw new RefusedError(`the customer "${id}" is still suspended in Keycloak; deploy first`);
  const auth = authenticationOfCustomer(customer);
  if (client.clientAuthenticatorType !== clientAuthenticators[auth.method])
    throw new RefusedError(
      `the customer "${id}" does not authenticate with ${auth.method} in Keycloak yet; deploy first`,
    );

  const { issuer, tokenUrl, mtlsTokenUrl } = await discover(issuerOf(login.baseUrl, realm));
  const tokenLifespan = await deployedLifespan(admin, realm, client);
  const { audiences, permissions } = expectedToken(issuer, id, customer);
  const usesSecret = auth.method === "client_secret";
  const previousSecretUntil = usesSecret
    ? previousSecretEnd(client, (await keycloakClock(admin, login))())
    : undefined;
  const trustedIssuer =
    auth.method === "federated_jwt" ? declaration.issuers?.[auth.issuer] : undefined;
  return {
    name: customer.name,
    clientId: id,
    tokenUrl: auth.method === "tls_client_auth" ? mtlsTokenUrl : tokenUrl,
    issuer,
    auth,
    ...(trustedIssuer !== undefined && { trustedIssuer }),
    ...(usesSecret && { secret: await readSecret(admin, realm, client) }),
    ...(previousSecretUntil !== undefined && { previousSecretUntil }),
    audiences,
    permissions,
    ...(tokenLifespan !== undefined && { tokenLifespan }),
    ...(customer.tokenBinding && { tokenBinding: customer.tokenBinding }),
    ...(customer.expires !== undefined && { accessEnds: endOfAccess(customer.expires) }),
  };
}
