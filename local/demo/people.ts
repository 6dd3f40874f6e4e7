import { randomBytes } from "node:crypto";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type GroupRepresentation from "@keycloak/keycloak-admin-client/lib/defs/groupRepresentation.js";
import { keycloakAnswers } from "../../operations/keycloak/login/admin.ts";
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

/** The people of the demo. Those that are added can sign in until this goes out of scope (`await using`). */
export class DemoPeople implements AsyncDisposable {
  readonly #admin: KcAdminClient;
  readonly #realm: string;

  private constructor(admin: KcAdminClient, realm: string) {
    this.#admin = admin;
    this.#realm = realm;
  }

  /**
   * Begins without anybody: the people of a demo that was killed are disabled.
   *
   * @param admin a login at the local Keycloak that may manage the realm's users, also after an interruption
   */
  static async open(admin: KcAdminClient, realm: string): Promise<DemoPeople> {
    const people = new DemoPeople(admin, realm);
    await people.#disable();
    return people;
  }

  /** Creates a person, or enables an existing one, with a new random password. The person is a member of exactly one group. */
  async add({ username, group }: PersonRole): Promise<DemoPerson> {
    const { users } = this.#admin;
    const realm = this.#realm;
    const profile = {
      username,
      email: `${username}@atlas.example`,
      emailVerified: true,
      firstName: names[username],
      lastName: "Demo",
    };
    const [existing] = await users.find({ realm, username, exact: true });
    const id = existing?.id ?? (await users.create({ realm, ...profile })).id;
    await putIntoGroup(this.#admin, realm, id, group);
    const password = randomBytes(12).toString("base64url");
    const credential = { type: "password", temporary: false, value: password };
    await users.resetPassword({ realm, id, credential });
    await users.update({ realm, id }, { ...profile, enabled: true });
    return { username, password };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // nobody can sign in at a Keycloak that has ended
    if (await keycloakAnswers(this.#admin.baseUrl)) await this.#disable();
  }

  /** Disables everybody, and ends their sessions. */
  async #disable(): Promise<void> {
    const { users } = this.#admin;
    const realm = this.#realm;
    const disabling = Object.keys(names).map(async (username) => {
      const [person] = await users.find({ realm, username, exact: true });
      if (person?.id === undefined) return;
      await users.update({ realm, id: person.id }, { enabled: false });
      await users.logout({ realm, id: person.id });
    });
    await Promise.all(disabling);
  }
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
