import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

type SigningKey = Parameters<SignJWT["sign"]>[0];

/** An issuer of a CI system's tokens on this machine: with discovery, keys, and tokens for jobs as GitHub gives them. */
export class TokenIssuer {
  readonly url: string;
  /** All tokens that it has signed. */
  readonly tokens: string[] = [];
  /** The subject of the tokens that jobs get. */
  subject = "";
  readonly #server: Server;
  readonly #key: SigningKey;

  private constructor(server: Server, key: SigningKey) {
    this.#server = server;
    this.#key = key;
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  static async create(): Promise<TokenIssuer> {
    const { publicKey, privateKey } = await generateKeyPair("RS256");
    const jwk = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256", use: "sig" };
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "localhost", done));
    const issuer = new TokenIssuer(server, privateKey);
    server.on("request", (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "", issuer.url);
      const answer = async () => {
        if (pathname === "/keys") return { keys: [jwk] };
        if (pathname !== "/token") return { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
        return { value: await issuer.sign({ aud: searchParams.get("audience") ?? "" }) };
      };
      void answer().then((value) => response.end(JSON.stringify(value)));
    });
    return issuer;
  }

  /** Signs a token for {@link subject}, with these claims. It is valid for five minutes, unless they say otherwise. */
  async sign(claims: JWTPayload): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const token = await new SignJWT({
      ...{ iss: this.url, sub: this.subject, jti: randomUUID(), iat: now, exp: now + 300 },
      ...claims,
    })
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .sign(this.#key);
    this.tokens.push(token);
    return token;
  }

  /** The variables with which a job of GitHub Actions gets tokens. */
  get jobVariables(): NodeJS.ProcessEnv {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "the runner's own token",
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}
