import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RealmDeclaration } from "../constructs/declaration.ts";
import { synthesize } from "./synthesize.ts";

/** What `main.ts` declares, with its customers; nothing stays behind. */
export async function declared(variables: NodeJS.ProcessEnv): Promise<RealmDeclaration> {
  return inTemporaryFolder(async (folder) => (await synthesize(folder, variables)).declaration);
}

/** What `main.ts` declares beside the customers, whose file may be anything. */
export async function declaredWithoutCustomers(
  variables: NodeJS.ProcessEnv,
): Promise<RealmDeclaration> {
  return inTemporaryFolder(async (folder) => {
    const none = join(folder, "none.yaml");
    await writeFile(none, "customers: {}\n");
    return (await synthesize(folder, { ...variables, CUSTOMERS_FILE: none })).declaration;
  });
}

async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "declaration-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
