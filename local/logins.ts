import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { z } from "zod";
import { deployerClientId } from "../constructs/names/reserved-names.ts";
import { adminClient, type Login } from "../operations/keycloak/login/admin.ts";
import { stateFolder } from "../system/folders.ts";
import { ExplainedError, UnavailableError } from "../text/errors.ts";
import { databaseFileIn } from "./keycloak/server.ts";
import { StateFile } from "./state-file.ts";

const schema = z.object({
  /** Created by Keycloak at its first start. It creates the realm and changes it. */
  administrator: z.object({ username: z.string(), password: z.string() }),
  /** Secret of the deployer, the identity of everyday changes; missing until the realm exists. */
  deployerSecret: z.string().optional(),
});

/** The two identities that deploy to the local Keycloak. */
export type Logins = z.infer<typeof schema>;

const wayOut = "restore the file, or run npm run reset, which deletes all of Keycloak's data";
const file = new StateFile("logins.json", schema, wayOut);

/** The file that contains the logins; only its owner can read it. */
export const loginsFile = file.path;

/** The logins; undefined if there are none yet. @throws UnavailableError if their file is damaged */
export function readLogins(): Promise<Logins | undefined> {
  return file.read();
}

/**
 * The logins. Creates the administrator's if Keycloak has no data yet.
 *
 * @throws UnavailableError if their file is damaged, or if it is missing although Keycloak's database exists: the administrator in it has
 *   a password that only this file contains
 */
export async function ensureLogins(): Promise<Logins> {
  const logins = await readLogins();
  if (logins) return logins;
  if (existsSync(databaseFileIn(stateFolder)))
    throw new UnavailableError(`${loginsFile} is missing; ${wayOut}`);
  const password = randomBytes(24).toString("base64url");
  return keepLogins({ administrator: { username: "admin", password } });
}

/** Writes the logins. @returns them */
export async function keepLogins(logins: Logins): Promise<Logins> {
  await file.write(logins);
  return logins;
}

/** The administrator of the local Keycloak. */
export function administratorLogin(baseUrl: string, { administrator }: Logins): Login {
  const remedy = `the password in ${loginsFile} is wrong: ${wayOut}`;
  return { baseUrl, realm: "master", clientId: "admin-cli", ...administrator, remedy };
}

/** The deployer of the local Keycloak; undefined if it does not exist yet or Keycloak refuses it. */
export async function deployerLogin(
  baseUrl: string,
  realm: string,
  logins: Logins,
): Promise<Login | undefined> {
  if (logins.deployerSecret === undefined) return undefined;
  const login = { baseUrl, realm, clientId: deployerClientId, clientSecret: logins.deployerSecret };
  try {
    await adminClient(login);
    return login;
  } catch (error) {
    if (error instanceof ExplainedError) return undefined;
    throw error;
  }
}

/** The deployer of the local Keycloak, or the administrator until there is a deployer. */
export async function everydayLogin(
  baseUrl: string,
  realm: string,
  logins: Logins,
): Promise<Login> {
  return (await deployerLogin(baseUrl, realm, logins)) ?? administratorLogin(baseUrl, logins);
}
