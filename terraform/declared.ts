import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RealmDeclaration } from "../constructs/declaration.ts";
import { synthesize } from "./synthesize.ts";
import { inTemporaryFolder } from "./temporary.ts";

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
