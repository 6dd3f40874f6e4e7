import { randomBytes } from "node:crypto";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type GroupRepresentation from "@keycloak/keycloak-admin-client/lib/defs/groupRepresentation.js";
import { groupName } from "../../constructs/names/group-path.ts";
import { FailedError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import type { PersonRole } from "./participants.ts";

/** A person to sign in as. */
export interface DemoPerson {
  readonly username: string;
  readonly password: string;
}

const names = { clerk: "Clara", manager: "Max" } as const;

/**
 * Creates a person of the demo in a realm of the local Keycloak, or gives an existing one a new random password. The person is a
 * member of exactly one group.
 *
 * @param admin a login that may manage the realm's users
 */
export async function ensurePerson(
  admin: KcAdminClient,
  realm: string,
  { username, group }: PersonRole,
): Promise<DemoPerson> {
  const profile = {
    username,
    email: `${username}@atlas.example`,
    emailVerified: true,
    firstName: names[username],
    lastName: "Demo",
    enabled: true,
  };
  const [existing] = await admin.users.find({ realm, username, exact: true });
  const id = existing?.id ?? (await admin.users.create({ realm, ...profile })).id;
  await putIntoGroup(admin, realm, id, group);
  const password = randomBytes(12).toString("base64url");
  const credential = { type: "password", temporary: false, value: password };
  await admin.users.resetPassword({ realm, id, credential });
  return { username, password };
}

async function putIntoGroup(
  admin: KcAdminClient,
  realm: string,
  id: string,
  path: string,
): Promise<void> {
  const found = await admin.groups.find({ realm, search: groupName(path), exact: true });
  const groupId = withPath(found, path)?.id;
  if (groupId === undefined) throw new FailedError(`Keycloak has no group ${quoted(path)}`);
  for (const other of await admin.users.listGroups({ realm, id }))
    if (other.id !== groupId)
      await admin.users.delFromGroup({ realm, id, groupId: other.id ?? "" });
  await admin.users.addToGroup({ realm, id, groupId });
}

/** The group with a path, in the tree that a search finds. */
function withPath(
  groups: readonly GroupRepresentation[],
  path: string,
): GroupRepresentation | undefined {
  const below = groups.flatMap(({ subGroups }) => subGroups ?? []);
  if (groups.length === 0) return undefined;
  return groups.find((group) => group.path === path) ?? withPath(below, path);
}
