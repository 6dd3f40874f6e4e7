import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { issuerOf } from "../keycloak/token.ts";
import type { StackContent } from "../terraform/synthesis/stack-json.ts";
import { verifyPolicies } from "./realm/client-policies.ts";
import { CustomerVerifier } from "./customers/customers.ts";
import { apiProblems, frontendProblems, undeclaredClients } from "./customers/other-clients.ts";
import { type RealRealm, readRealm } from "./real-realm.ts";
import { issuerProblems, realmProblems, trustedIssuerProblems } from "./realm/realm.ts";
import { verifyScopes } from "./realm/scopes.ts";
import { undeclared, type Verification, type Verified } from "./verified.ts";

/** What a verification compares, and how it reports its progress. */
export interface VerifyOptions {
  readonly admin: KcAdminClient;
  /** Keycloak's address with its base path. */
  readonly baseUrl: string;
  readonly stack: Pick<StackContent, "declaration" | "resources">;
  /** Called after each customer. */
  readonly onCustomer?: (done: number, all: number) => void;
}

/**
 * Verifies that Keycloak has what is declared, without anybody's secret. What customers share is verified once, and each customer's client
 * as Keycloak would evaluate it at the next token.
 *
 * @throws UnavailableError if there is no such realm, or the login may not view it
 * @see docs/adr/0033-verify-asks-keycloak.md
 */
export async function verify({
  admin,
  baseUrl,
  stack,
  onCustomer,
}: VerifyOptions): Promise<Verification> {
  const { declaration } = stack;
  const { realm } = declaration;
  const real = await readRealm(admin, declaration);
  const issuer = issuerOf(baseUrl, realm);
  const issuers = await trustedIssuerProblems(admin, stack);
  const scopes = await verifyScopes(admin, declaration, real.scopes);
  const shared: readonly Verified[] = [
    await verifyRealm(real, issuer, stack),
    ...(issuers ?? []).map((each) => ({ kind: "issuer", ...each }) as const),
    ...scopes.map((each) => ({ kind: "client scope", ...each }) as const),
    ...(await verifyApis(real, Object.keys(declaration.apis))),
  ];
  const customers = await new CustomerVerifier(admin, realm, issuer, real, shared).verify(
    declaration.customers,
    onCustomer,
  );
  const others = real.clientIds ? undeclaredClients(real.clientIds, stack) : [];
  return {
    realm,
    verified: [
      ...shared,
      ...verifyPolicies(real, stack),
      ...(await verifyFrontends(real, stack)),
      ...customers.verified,
      ...undeclared("client", others),
    ],
    unchecked: [
      ...(issuers ? [] : ["trusted issuers (needs view-identity-providers)"]),
      ...(customers.hasAccounts
        ? []
        : ["roles of service accounts and example tokens (needs view-users)"]),
    ],
  };
}

async function verifyRealm(
  { settings }: RealRealm,
  issuer: string,
  stack: VerifyOptions["stack"],
): Promise<Verified> {
  // a disabled realm publishes nothing
  const ofIssuer = settings.enabled === false ? [] : await issuerProblems(issuer);
  const problems = [...realmProblems(settings, stack), ...ofIssuer];
  return { kind: "realm", name: stack.declaration.realm, problems };
}

function verifyApis(real: RealRealm, names: readonly string[]): Promise<Verified[]> {
  return Promise.all(
    names.map(async (name) => {
      const problems = apiProblems(await real.client(name));
      return { kind: "API", name, problems };
    }),
  );
}

function verifyFrontends(real: RealRealm, stack: VerifyOptions["stack"]): Promise<Verified[]> {
  return Promise.all(
    Object.keys(stack.declaration.frontends).map(async (name) => {
      const problems = frontendProblems(await real.client(name), name, stack);
      return { kind: "frontend", name, problems };
    }),
  );
}
