import { readFile } from "node:fs/promises";
import { NetworkError } from "@keycloak/keycloak-admin-client";
import { decodeJwt, type JWTPayload } from "jose";
import { UnavailableError } from "../../../text/errors.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { quoted } from "../../../text/quoted.ts";
import { jsonAnswer } from "../json-answer.ts";
import { requestOptions } from "./request-options.ts";
import { issuerOf, tokenEndpoint } from "../token.ts";
import { type FreshToken, Session } from "./session.ts";

/** The JWT with which a service account logs in: its text, or the file that has it. */
export type AssertionSource = { readonly token: string } | { readonly file: string };

/** Where and as which client a {@link FederatedSession} logs in. */
export interface FederatedIdentity {
  readonly baseUrl: string;
  readonly realm: string;
  readonly clientId: string;
}

/**
 * The login of a service account with another issuer's token, such as that of a CI job. The token works once, so
 * Terraform shares the access token too.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
 */
export class FederatedSession extends Session {
  readonly #identity: FederatedIdentity;
  readonly #source: AssertionSource;

  constructor(identity: FederatedIdentity, source: AssertionSource) {
    super();
    this.#identity = identity;
    this.#source = source;
  }

  /** Claims of the issuer's token, for the message of a refusal; undefined without a token. */
  async describeAssertion(): Promise<string | undefined> {
    const claims = await this.#assertion().then(decodeJwt, () => undefined);
    return claims && described(claims);
  }

  /** @throws UnavailableError if there is no valid token of the issuer */
  protected override async logIn(isUninterrupted: boolean): Promise<FreshToken> {
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
    const answer = await jsonAnswer(response);
    if (!response.ok)
      throw new NetworkError(`HTTP ${response.status}`, { response, responseData: answer });
    const { access_token, expires_in } = answer as { access_token: string; expires_in: number };
    return { accessToken: access_token, lifespan: expires_in };
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
