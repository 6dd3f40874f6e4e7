import { readFile } from "node:fs/promises";
import { NetworkError } from "@keycloak/keycloak-admin-client";
import { decodeJwt, type JWTPayload } from "jose";
import { UnavailableError } from "../../../text/errors.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { quoted } from "../../../text/quoted.ts";
import { requestOptions } from "./request-options.ts";
import { issuerOf, tokenEndpoint } from "../token.ts";

/** The JWT with which a service account logs in: its text, or the file that has it. */
export type AssertionSource = { readonly token: string } | { readonly file: string };

/** Where and as which client a {@link FederatedSession} logs in. */
export interface FederatedIdentity {
  readonly baseUrl: string;
  readonly realm: string;
  readonly clientId: string;
}

/** Part of an access token's lifespan after which it is replaced. */
const usedPart = 0.9;

/**
 * The login of a service account with another issuer's token, such as that of a CI job. The token works once. So everything in this
 * process, and Terraform too, shares one access token, until most of its lifespan is over.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export class FederatedSession {
  readonly #identity: FederatedIdentity;
  readonly #source: AssertionSource;
  #accessToken: string | undefined;
  #receivedAt: number | undefined;
  #renewAt = 0;
  #login: Promise<string> | undefined;

  constructor(identity: FederatedIdentity, source: AssertionSource) {
    this.#identity = identity;
    this.#source = source;
  }

  /** The access token of the last login; undefined before the first one. */
  get latest(): string | undefined {
    return this.#accessToken;
  }

  /** When the {@link latest} token arrived by this machine's clock, in seconds since 1970. */
  get receivedAt(): number | undefined {
    return this.#receivedAt;
  }

  /** Claims of the issuer's token, for the message of a refusal; undefined without a token. */
  async describeAssertion(): Promise<string | undefined> {
    const claims = await this.#assertion().then(decodeJwt, () => undefined);
    return claims && described(claims);
  }

  /**
   * The access token. Logs in if there is none that is valid for a while.
   *
   * @throws UnavailableError if there is no valid token of the issuer
   * @throws NetworkError if Keycloak refuses it
   */
  async accessToken(isUninterrupted = false): Promise<string> {
    if (this.#accessToken !== undefined && Date.now() < this.#renewAt) return this.#accessToken;
    this.#login ??= this.#logIn(isUninterrupted).finally(() => {
      this.#login = undefined;
    });
    return this.#login;
  }

  async #logIn(isUninterrupted: boolean): Promise<string> {
    const { baseUrl, realm, clientId } = this.#identity;
    const response = await fetch(tokenEndpoint(issuerOf(baseUrl, realm)), {
      ...requestOptions(isUninterrupted),
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: await this.#assertion(),
      }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok)
      throw new NetworkError(`HTTP ${response.status}`, { response, responseData: answer });
    const { access_token, expires_in } = answer as { access_token: string; expires_in: number };
    this.#accessToken = access_token;
    this.#receivedAt = Date.now() / 1_000;
    this.#renewAt = Date.now() + expires_in * usedPart * 1_000;
    return access_token;
  }

  /** @throws UnavailableError if the token is missing, no JWT or expired */
  async #assertion(): Promise<string> {
    const source = this.#source;
    const name = "file" in source ? "KEYCLOAK_JWT_TOKEN_FILE" : "KEYCLOAK_JWT_TOKEN";
    const text = "file" in source ? await readToken(name, source.file) : source.token;
    const token = text.trim();
    const where = "file" in source ? `${name}: ${quoted(source.file)}` : name;
    const { exp = Number.POSITIVE_INFINITY } = claimsOf(token, where);
    if (exp * 1_000 <= Date.now())
      throw new UnavailableError(
        `${where} has a token that expired at ${new Date(exp * 1_000).toISOString()}; get a new one from its issuer`,
      );
    return token;
  }
}

async function readToken(name: string, file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new UnavailableError(
      `${name}: cannot read ${quoted(file)} (${code}); name the file with the token of the CI job`,
    );
  });
}

function claimsOf(token: string, where: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    // the reason could quote a piece of the token
    throw new UnavailableError(`${where} has no JWT; write the token of the issuer into it`);
  }
}

function described({ iss, sub, aud = [] }: JWTPayload): string {
  return `the token is of the issuer ${quoted(iss)}, for the subject ${quoted(sub)} and the audience ${listed([aud].flat())}, and works only once`;
}
