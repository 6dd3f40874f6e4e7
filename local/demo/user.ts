import { randomBytes } from "node:crypto";
import type KcAdminClient from "@keycloak/keycloak-admin-client";

/** The user to sign in as. */
export interface DemoUser {
  readonly username: string;
  readonly password: string;
}

const profile = {
  username: "demo",
  email: "demo@atlas.example",
  emailVerified: true,
  firstName: "Dana",
  lastName: "Demo",
  enabled: true,
};

/**
 * Creates the demo's user in a realm of the local Keycloak, or gives an existing one a new random password.
 *
 * @param admin a login that may manage the realm's users
 */
export async function ensureDemoUser(admin: KcAdminClient, realm: string): Promise<DemoUser> {
  const { username } = profile;
  const [existing] = await admin.users.find({ realm, username, exact: true });
  const id = existing?.id ?? (await admin.users.create({ realm, ...profile })).id;
  const password = randomBytes(12).toString("base64url");
  const credential = { type: "password", temporary: false, value: password };
  await admin.users.resetPassword({ realm, id, credential });
  return { username, password };
}
