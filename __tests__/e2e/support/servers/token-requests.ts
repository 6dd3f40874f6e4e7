import { readFileSync } from "node:fs";
import { request } from "node:https";
import { tokenEndpoint } from "../../../../operations/keycloak/token.ts";
import type { Certificate } from "./certificates.ts";

/** An answer of a token endpoint. */
export interface TokenAnswer {
  readonly access_token?: string;
  readonly token_type?: string;
  readonly error?: string;
  readonly error_description?: string;
}

/** How to prove who asks for a token. */
export interface Proof {
  readonly clientId?: string;
  readonly secret?: string;
  readonly assertion?: string;
  /** The header of DPoP. */
  readonly dpop?: string;
}

/** Asks an issuer for a token with client credentials. */
export async function askForToken(issuer: string, proof: Proof): Promise<TokenAnswer> {
  const response = await fetch(tokenEndpoint(issuer), {
    method: "POST",
    headers: proof.dpop === undefined ? {} : { dpop: proof.dpop },
    body: form(proof),
  });
  return (await response.json()) as TokenAnswer;
}

/** Asks an issuer for a token, with a client certificate. */
export async function askWithCertificate(
  issuer: string,
  clientId: string,
  authority: string,
  { certificate, key }: Certificate,
): Promise<TokenAnswer> {
  const [ca, cert, keyText] = [authority, certificate, key].map((file) => readFileSync(file));
  return new Promise((resolve, reject) => {
    const sent = request(
      tokenEndpoint(issuer),
      {
        ...{ method: "POST", ca, cert, key: keyText, agent: false },
        headers: { "content-type": "application/x-www-form-urlencoded" },
      },
      (response) => {
        let body = "";
        response.on("data", (part: Buffer) => (body += part.toString()));
        response.on("end", () => {
          resolve(JSON.parse(body) as TokenAnswer);
        });
      },
    );
    sent.on("error", reject);
    sent.end(form({ clientId }).toString());
  });
}

function form({ clientId, secret, assertion }: Proof): URLSearchParams {
  return new URLSearchParams({
    grant_type: "client_credentials",
    ...(clientId !== undefined && { client_id: clientId }),
    ...(secret !== undefined && { client_secret: secret }),
    ...(assertion !== undefined && {
      client_assertion: assertion,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }),
  });
}
