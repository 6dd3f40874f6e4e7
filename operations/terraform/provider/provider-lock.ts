import { copyFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

const name = ".terraform.lock.hcl";

/**
 * Copies the project's dependency lock file, which has the checksums of the providers, into a folder for terraform.
 *
 * @returns whether the project has one
 * @see https://developer.hashicorp.com/terraform/language/files/dependency-lock
 */
export async function copyProviderLock(folder: string): Promise<boolean> {
  const file = resolve(name);
  if (!existsSync(file)) return false;
  await copyFile(file, join(folder, name));
  return true;
}
