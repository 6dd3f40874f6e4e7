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

/** Adds a user to a realm, as a member of the groups with these paths. */
export async function addPerson(
  admin: KcAdminClient,
  realm: string,
  username: string,
  [firstName, lastName]: readonly [string, string],
  groups: readonly string[] = [],
): Promise<Person> {
  const password = `the password of ${username}`;
  const { id } = await admin.users.create({
    realm,
    username,
    email: `${username}@example.com`,
    firstName,
    lastName,
    enabled: true,
    groups: [...groups],
    credentials: [{ type: "password", value: password }],
  });
  return { id, username, password, name: `${firstName} ${lastName}` };
}

/** Takes a user out of all groups. */
export async function takeOutOfGroups(
  admin: KcAdminClient,
  realm: string,
  id: string,
): Promise<void> {
  for (const { id: groupId = "" } of await admin.users.listGroups({ realm, id }))
    await admin.users.delFromGroup({ realm, id, groupId });
}
