import { getToken } from "@keycloak/keycloak-admin-client/lib/utils/auth.js";
import { decodeJwt } from "jose";
import { deployerClientId, readerClientId } from "../../../constructs/names/reserved-names.ts";
import { adminClient, type Login } from "./admin.ts";
import { credentialsOf } from "./credentials-session.ts";
import { findClient } from "../clients.ts";
import { isForbidden } from "../failures.ts";
import { requestOptions } from "./request-options.ts";

/** An identity, as Keycloak's admin events name it. A person who works in the console with the same user has another client. */
export interface Identity {
  /** The UUID of the user, which may be a service account. */
  readonly userId: string;
  /** The UUID of the client that the user logs in through. */
  readonly clientId: string;
}

/**
 * The identity that deploys with a login: its own, or the deployer's for the reader, which plans what the deployer applies.
 *
 * @returns undefined if the login may not look it up
 */
export async function identityOf(login: Login): Promise<Identity | undefined> {
  const { realm, clientId } = login;
  const isReader = clientId === readerClientId;
  const admin = await adminClient(login);
  try {
    const client = await findClient(admin, realm, isReader ? deployerClientId : clientId);
    if (client === undefined) return undefined;
    const userId = isReader
      ? (await admin.clients.getServiceAccountUser({ realm, id: client.id })).id
      : await userIdOf(login);
    return userId === undefined ? undefined : { userId, clientId: client.id };
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/**
 * The UUID of a login's user. The ID token names it: the access token of an administrator, a lightweight one, does not.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDToken
 */
async function userIdOf(login: Login): Promise<string | undefined> {
  const { baseUrl, realm, session } = login;
  // another login would need another token of the issuer
  if (session) return decodeJwt(await session.accessToken()).sub;
  const credentials = { ...credentialsOf(login), scopes: ["openid"] };
  const { idToken } = await getToken({
    ...{ baseUrl, realmName: realm, credentials },
    requestOptions: requestOptions(),
  });
  return idToken === undefined ? undefined : decodeJwt(idToken).sub;
}
