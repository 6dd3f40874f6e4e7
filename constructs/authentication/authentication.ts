import type { OpenidClientConfig } from "@cdktf/provider-keycloak/lib/openid-client";
import { confidential } from "../client-settings.ts";

/** How clients may authenticate at the token endpoint, by OAuth's names. */
export const authenticationMethods = [
  "client_secret",
  "private_key_jwt",
  "tls_client_auth",
  "federated_jwt",
] as const;

/**
 * How a client authenticates at the token endpoint, by OAuth's name.
 *
 * @see https://www.iana.org/assignments/oauth-parameters/oauth-parameters.xhtml#token-endpoint-auth-method
 */
export type AuthenticationMethod = (typeof authenticationMethods)[number];

/** A signature algorithm of a client's assertions. */
export type SigningAlgorithm = "RS256" | "PS256" | "ES256" | "EdDSA";

/**
 * A public key, as RFC 7517 writes it. Every member of the key type is text.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-4 (RFC 7517, "JSON Web Key (JWK) Format")
 */
export interface PublicJwk {
  readonly kty: string;
  /** The key id, which an assertion's header names. */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly use: "sig";
  readonly [member: string]: string;
}

/** Authentication of a client with the secret that only Keycloak holds. */
export interface ClientSecret {
  readonly method: "client_secret";
}

/**
 * Authentication with a JWT that the client signs. Either the keys are here, or Keycloak fetches them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export interface PrivateKeyJwt {
  readonly method: "private_key_jwt";
  /** Address of the client's key set: https, a host of {@link AuthenticationSettings.allowedJwksHosts}, and no port. */
  readonly jwksUrl?: string;
  /** The client's public keys, two while it changes its key. */
  readonly jwks?: readonly PublicJwk[];
  /**
   * The only algorithm that Keycloak accepts.
   * @default every algorithm that suits a key
   */
  readonly algorithm?: SigningAlgorithm;
}

/**
 * Authentication with a TLS client certificate. The tokens are bound to it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8705#section-2.1
 */
export interface TlsClientAuth {
  readonly method: "tls_client_auth";
  /** The certificate's subject, as RFC 4514 writes it. */
  readonly subjectDn: string;
  /**
   * The subject of the certificate's issuer.
   * @default any authority that Keycloak trusts
   */
  readonly caSubjectDn?: string;
}

/**
 * Authentication with the token of another issuer, such as a CI system. There is no secret on either side.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export interface FederatedJwt {
  readonly method: "federated_jwt";
  /** The name of a {@link TrustedIssuer}. */
  readonly issuer: string;
  /** The exact `sub` of the token. */
  readonly subject: string;
}

/** How a client authenticates, with what its method needs. */
export type Authentication = ClientSecret | PrivateKeyJwt | TlsClientAuth | FederatedJwt;

/** Settings of authentication that all customers of a realm share. */
export interface AuthenticationSettings {
  /**
   * Beginning of every secret that Keycloak gets from now on, such as `atlas_live_`, by which scanners find a secret that leaked.
   * @default none
   */
  readonly secretPrefix?: string;
  /**
   * Hosts that Keycloak may fetch customers' keys from. An empty list is a policy in Keycloak that allows none.
   * @default no list, so no policy: keys are inline or in files
   */
  readonly allowedJwksHosts?: readonly string[];
  /**
   * Seconds for which a customer's previous secret goes on working after a rotation. Keycloak must have the feature
   * `client-secret-rotation`.
   * @default none: a rotation ends the previous secret at once
   */
  readonly rotationOverlap?: number;
}

/** Keycloak's names of the methods, which are the client authenticators. */
export const clientAuthenticators = {
  client_secret: "client-secret",
  private_key_jwt: "client-jwt",
  tls_client_auth: "client-x509",
  federated_jwt: "federated-jwt",
} as const satisfies Record<AuthenticationMethod, string>;

/** How a customer authenticates: with a secret, unless its entry declares another method. */
export function authenticationOfCustomer({
  auth = { method: "client_secret" },
}: {
  readonly auth?: Authentication;
}): Authentication {
  return auth;
}

/** The method of a client authenticator, by Keycloak's name; undefined if no client is declared with it. */
export function methodOfAuthenticator(authenticator: string): AuthenticationMethod | undefined {
  return authenticationMethods.find((each) => clientAuthenticators[each] === authenticator);
}

/**
 * Arguments of a confidential client that authenticates in a certain way. A client with another method has a secret too, which nobody
 * knows: without one in the configuration, Terraform would read Keycloak's into the state. It changes with the method, so that no earlier
 * secret works again.
 *
 * @param secretPrefix see {@link AuthenticationSettings.secretPrefix}
 */
export function authenticationArguments(auth: Authentication, secretPrefix = "") {
  const { method } = auth;
  return {
    ...confidential,
    clientAuthenticatorType: clientAuthenticators[method],
    clientSecretWo: secretPrefix + confidential.clientSecretWo,
    clientSecretWoVersion: secretVersionOf(method),
    extraConfig: attributesOf(auth),
  } satisfies Partial<OpenidClientConfig>;
}

/** Version of the secret of clients with a method. Another version is a new secret. */
export function secretVersionOf(method: AuthenticationMethod): string {
  return method === "client_secret" ? confidential.clientSecretWoVersion : method;
}

/**
 * Client attributes of a method, by Keycloak's names.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client-credentials
 */
function attributesOf(auth: Authentication): Record<string, string> {
  switch (auth.method) {
    case "client_secret":
      return {};
    case "private_key_jwt":
      return {
        ...(auth.jwksUrl !== undefined && { "use.jwks.url": "true", "jwks.url": auth.jwksUrl }),
        ...(auth.jwks !== undefined && {
          "use.jwks.string": "true",
          "jwks.string": JSON.stringify({ keys: auth.jwks }),
        }),
        ...(auth.algorithm && { "token.endpoint.auth.signing.alg": auth.algorithm }),
      };
    case "tls_client_auth":
      return {
        "x509.subjectdn": auth.subjectDn,
        // otherwise Keycloak takes the subject for a regular expression, which other subjects match too
        "x509.allow.regex.pattern.comparison": "false",
        ...(auth.caSubjectDn !== undefined && { "x509.casubjectdn": auth.caSubjectDn }),
        "tls.client.certificate.bound.access.tokens": "true",
      };
    case "federated_jwt":
      return {
        "jwt.credential.issuer": auth.issuer,
        "jwt.credential.sub": auth.subject,
      };
  }
}
