import { getToken } from "@keycloak/keycloak-admin-client/lib/utils/auth.js";
import { decodeJwt } from "jose";
import { adminClient, credentialsOf, type Login, requestOptions } from "./admin.ts";
import { findClient } from "./clients.ts";
import { isForbidden } from "./failures.ts";

/** An identity, as Keycloak's admin events name it. A person who works in the console with the same user has another client. */
export interface Identity {
  /** The UUID of the user, which may be a service account. */
  readonly userId: string;
  /** The UUID of the client that the user logs in through. */
  readonly clientId: string;
}

/**
 * The identity of a login. The ID token names the user: the access token of an administrator, a lightweight one, does not.
 *
 * @returns undefined if the login may not look up its own client
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
export async function identityOf(login: Login): Promise<Identity | undefined> {
  const { baseUrl, realm, clientId } = login;
  const credentials = { ...credentialsOf(login), scopes: ["openid"] };
  const { idToken } = await getToken({
    ...{ baseUrl, realmName: realm, credentials },
    requestOptions: requestOptions(),
  });
  const userId = idToken === undefined ? undefined : decodeJwt(idToken).sub;
  const client = await findClient(await adminClient(login), realm, clientId).catch(
    (error: unknown) => {
      if (isForbidden(error)) return undefined;
      throw error;
    },
  );
  return userId === undefined || client === undefined ? undefined : { userId, clientId: client.id };
}
