import type KcAdminClient from "@keycloak/keycloak-admin-client";

/** What somebody signs in with. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Somebody who can sign in. */
export interface Person extends Credentials {
  readonly id: string;
  readonly name: string;
}

/** Adds a user to a realm. */
export async function addPerson(
  admin: KcAdminClient,
  realm: string,
  username: string,
  [firstName, lastName]: readonly [string, string],
): Promise<Person> {
  const password = `the password of ${username}`;
  const { id } = await admin.users.create({
    realm,
    username,
    email: `${username}@example.com`,
    firstName,
    lastName,
    enabled: true,
    credentials: [{ type: "password", value: password }],
  });
  return { id, username, password, name: `${firstName} ${lastName}` };
}
