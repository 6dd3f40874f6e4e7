import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deployerClientId } from "../constructs/names/reserved-names.ts";
import { adminClient, type Login } from "../operations/keycloak/admin.ts";
import { stateFolder } from "../system/folders.ts";
import { ExplainedError } from "../text/errors.ts";

/** The two identities that deploy to the local Keycloak. */
export interface Logins {
  /** Created by Keycloak at its first start. It creates the realm and changes it. */
  readonly administrator: { readonly username: string; readonly password: string };
  /** Secret of the deployer, the identity of everyday changes; missing until the realm exists. */
  readonly deployerSecret?: string;
}

/** The file that contains the logins; only its owner can read it. */
export const loginsFile = join(stateFolder, "logins.json");

/** The logins; undefined if there are none yet. */
export async function readLogins(): Promise<Logins | undefined> {
  try {
    return JSON.parse(await readFile(loginsFile, "utf8")) as Logins;
  } catch {
    return undefined;
  }
}

/** The logins. If there are none, the administrator's is created. */
export async function ensureLogins(): Promise<Logins> {
  const logins = await readLogins();
  if (logins) return logins;
  const password = randomBytes(24).toString("base64url");
  return keepLogins({ administrator: { username: "admin", password } });
}

/** Writes the logins atomically: the file is never incomplete. */
export async function keepLogins(logins: Logins): Promise<Logins> {
  const written = `${loginsFile}.new`;
  await writeFile(written, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
  await rename(written, loginsFile);
  return logins;
}

/** The administrator of the local Keycloak. */
export function administratorLogin(baseUrl: string, { administrator }: Logins): Login {
  return { baseUrl, realm: "master", clientId: "admin-cli", ...administrator };
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
