import { OidcIdentityProvider } from "@cdktf/provider-keycloak/lib/oidc-identity-provider";
import { Construct } from "constructs";
import { confidential } from "../client-settings.ts";
import { pipelineIssuerAlias } from "../names/reserved-names.ts";
import { RealmStack } from "../realm-stack.ts";
import { issuerUrlProblems } from "../realm/server-url.ts";
import { quoted } from "../../text/quoted.ts";

/** The name is Keycloak's alias, which is part of addresses. */
const nameOfIssuer = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** Properties of {@link TrustedIssuer}. */
export interface TrustedIssuerProps {
  /** The issuer, exactly as in its tokens' `iss`. */
  readonly issuer: string;
  /** Address of the issuer's public keys. */
  readonly jwksUrl: string;
  /**
   * Whether a token may be used again until it expires. Kubernetes gives a pod the same token for an hour.
   * @default false: a token works once
   */
  readonly reusable?: boolean;
}

/**
 * GitHub Actions.
 *
 * @see https://docs.github.com/en/actions/concepts/security/openid-connect
 */
export const githubActions: TrustedIssuerProps = {
  issuer: "https://token.actions.githubusercontent.com",
  jwksUrl: "https://token.actions.githubusercontent.com/.well-known/jwks",
};

/**
 * GitLab CI of gitlab.com.
 *
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/
 */
export const gitlabCi: TrustedIssuerProps = {
  issuer: "https://gitlab.com",
  jwksUrl: "https://gitlab.com/oauth/discovery/keys",
};

/**
 * Another issuer whose tokens the realm trusts for `federated_jwt`. It signs in no person. Only an administrator can change it.
 *
 * @example
 * new TrustedIssuer(realm, "github", githubActions);
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client-credentials
 */
export class TrustedIssuer extends Construct {
  /** The name, which entries of customers.yaml refer to: the construct's id. */
  readonly issuerName: string;

  constructor(scope: Construct, id: string, props: TrustedIssuerProps) {
    super(scope, id);
    const realm = RealmStack.of(this);
    this.issuerName = id;
    const { issuer, jwksUrl, reusable = false } = props;
    const provider = new OidcIdentityProvider(this, "Resource", {
      realm: realm.realmId,
      alias: id,
      issuer,
      jwksUrl,
      validateSignature: true,
      // nobody signs in with it, so what Keycloak demands for that is never used
      hideOnLoginPage: true,
      linkOnly: true,
      clientId: "not-used",
      authorizationUrl: issuer,
      tokenUrl: issuer,
      clientSecretWo: confidential.clientSecretWo,
      clientSecretWoVersion: confidential.clientSecretWoVersion,
      extraConfig: {
        supportsClientAssertions: "true",
        supportsClientAssertionReuse: String(reusable),
      },
      lifecycle: { preventDestroy: true },
    });
    const same = realm.contents.registerIssuer(this, { alias: provider.alias, issuer });
    const issuerProblems = issuerUrlProblems(issuer);
    this.node.addValidation({
      validate: () => [
        ...(nameOfIssuer.test(id)
          ? []
          : [`${quoted(id)} is not a name of an issuer; use lower-case letters, digits and -`]),
        ...(id === pipelineIssuerAlias
          ? [`${quoted(id)} is the name of the pipeline's issuer; choose another name`]
          : []),
        ...issuerProblems.map((problem) => `issuer: ${problem}`),
        ...issuerUrlProblems(jwksUrl).map((problem) => `jwksUrl: ${problem}`),
        ...(same === undefined || issuerProblems.length > 0
          ? []
          : [`issuer: ${quoted(issuer)} is already trusted as ${quoted(same)}; remove one`]),
      ],
    });
  }
}
