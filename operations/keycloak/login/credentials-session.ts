import { type Credentials, getToken } from "@keycloak/keycloak-admin-client/lib/utils/auth.js";
import { requestOptions } from "./request-options.ts";
import { type FreshToken, Session } from "./session.ts";

/** Where a {@link CredentialsSession} logs in, and with which credentials. */
export interface CredentialsIdentity {
  /** The server's address with its base path, without a trailing slash. */
  readonly baseUrl: string;
  /** The realm of the identity. */
  readonly realm: string;
  /** The client that logs in: a service account's, or the one that a user logs in through. */
  readonly clientId: string;
  /** The service account's secret. */
  readonly clientSecret?: string;
  /** The user's name, if a user logs in. */
  readonly username?: string;
  /** The user's password. */
  readonly password?: string;
}

/** The login of a user with a password, or of a service account with a secret. With a password, Keycloak needs a tenth of a second of CPU. */
class CredentialsSession extends Session {
  readonly #identity: CredentialsIdentity;

  constructor(identity: CredentialsIdentity) {
    super();
    this.#identity = identity;
  }

  protected override async logIn(isUninterrupted: boolean): Promise<FreshToken> {
    const { baseUrl, realm: realmName } = this.#identity;
    const { accessToken, expiresIn } = await getToken({
      ...{ baseUrl, realmName, credentials: credentialsOf(this.#identity) },
      requestOptions: requestOptions(isUninterrupted),
    });
    return { accessToken, lifespan: expiresIn };
  }
}

let sessions = new WeakMap<CredentialsIdentity, CredentialsSession>();

/** The session of a login in this process. */
export function sessionOf(login: CredentialsIdentity & { readonly session?: Session }): Session {
  if (login.session) return login.session;
  const session = sessions.get(login) ?? new CredentialsSession(login);
  sessions.set(login, session);
  return session;
}

/** Makes every login with a password or a secret log in again for its next request. */
export function forgetTokens(): void {
  sessions = new WeakMap();
}

/** The grant of a login, with its credentials. */
export function credentialsOf({
  clientId,
  clientSecret,
  username,
  password,
}: CredentialsIdentity): Credentials {
  return username === undefined
    ? { grantType: "client_credentials", clientId, clientSecret: clientSecret ?? "" }
    : { grantType: "password", clientId, username, password: password ?? "" };
}
