import type KcAdminClient from "@keycloak/keycloak-admin-client";

/** The credentials with which a user signs in. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A user of a realm. */
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
