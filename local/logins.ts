import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stateFolder } from "./folders.ts";

/** The two identities that deploy to the Keycloak of this checkout. */
export interface Logins {
  /** Made by Keycloak as it first starts; sets the realm up and changes it. */
  readonly administrator: { readonly username: string; readonly password: string };
  /** The secret of the deployer, the identity of everyday changes; absent until the realm is there. */
  readonly deployerSecret?: string;
}

/** The file, readable by its owner alone, that keeps them. */
export function loginsFile(): string {
  return join(stateFolder(), "logins.json");
}

/** The logins, or undefined if there are none yet. */
export async function readLogins(): Promise<Logins | undefined> {
  try {
    return JSON.parse(await readFile(loginsFile(), "utf8")) as Logins;
  } catch {
    return undefined;
  }
}

/** The logins; those of the administrator are made up where there are none. */
export async function ensureLogins(): Promise<Logins> {
  const logins = await readLogins();
  if (logins) return logins;
  const password = randomBytes(24).toString("base64url");
  return keepLogins({ administrator: { username: "admin", password } });
}

/** Keeps the logins, in a file that is whole at any time. */
export async function keepLogins(logins: Logins): Promise<Logins> {
  const written = `${loginsFile()}.new`;
  await writeFile(written, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
  await rename(written, loginsFile());
  return logins;
}
