/** A finding of kcwarden that stays in a realm. SECURITY.md explains the same. */
export interface ExplainedFinding {
  /** The name of kcwarden's check. */
  readonly check: string;
  /** The realm or the clients that it names. */
  readonly entities: readonly string[];
  readonly reason: string;
  /** Whether an administrator can change the clients by hand, as SECURITY.md describes it. */
  readonly isChangeableByHand: boolean;
}

/** The findings in a realm with one API and one customer. */
export function explainedFindings(
  realm: string,
  { api, customer }: { readonly api: string; readonly customer: string },
): readonly ExplainedFinding[] {
  const consoles = ["account", "account-console", "security-admin-console"];
  return [
    {
      check: "RealmEmailVerificationDisabled",
      entities: [realm],
      reason: "verification needs a mail server, which the declaration does not know",
      isChangeableByHand: false,
    },
    {
      check: "ClientAuthenticationViaMTLSOrJWTRecommended",
      entities: [api, customer],
      reason: "a customer's secret is random, and only Keycloak holds it; an API obtains no tokens",
      isChangeableByHand: false,
    },
    {
      check: "ClientHasUndefinedBaseDomainAndSchema",
      entities: consoles,
      reason: "the addresses are Keycloak's own, relative to its host name",
      isChangeableByHand: false,
    },
    {
      check: "ClientShouldNotUseWildcardRedirectURI",
      entities: consoles,
      reason: "the wildcards are below the paths of Keycloak's own consoles",
      isChangeableByHand: false,
    },
    {
      check: "PublicClientsMustEnforcePKCE",
      entities: ["account"],
      reason: "it belongs to Keycloak, which uses account-console with PKCE for sign-ins",
      isChangeableByHand: false,
    },
    {
      check: "ClientWithFullScopeAllowed",
      entities: ["security-admin-console"],
      reason: "it serves administrators, who need their roles",
      isChangeableByHand: false,
    },
    {
      check: "ClientWithFullScopeAllowed",
      entities: ["admin-cli"],
      reason: "the same; it does not matter without the password grant",
      isChangeableByHand: true,
    },
    {
      check: "PublicClientShouldDisableDirectAccessGrants",
      entities: ["admin-cli"],
      reason: "terraform cannot switch a grant off in the apply that adopts a client of Keycloak",
      isChangeableByHand: true,
    },
    {
      check: "ClientWithOptionalOfflineAccessScope",
      entities: [...consoles, "admin-cli", "broker"],
      reason:
        "terraform does not know the ids of these clients; offline sessions end after 60 days",
      isChangeableByHand: true,
    },
    {
      check: "ClientWithOptionalOfflineAccessScope",
      entities: ["realm-management"],
      reason: "nobody can sign in through it, and Keycloak lets no administrator change its scopes",
      isChangeableByHand: false,
    },
  ];
}
