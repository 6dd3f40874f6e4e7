import { writeEmptyCustomersFile } from "../../../configuration/customers.ts";
import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import { TemporaryFolder } from "../../../system/temporary-folder.ts";
import type { StackContent } from "./stack-json.ts";
import { synthesize } from "./synthesize.ts";

/** Declaration of `main.ts` with its customers. Nothing is left behind. */
export async function declared(variables: NodeJS.ProcessEnv): Promise<RealmDeclaration> {
  // the declaration has the customers of every shard
  return (await declaredStack({ ...variables, SHARDS_ONLY: "none" })).declaration;
}

/** Declaration of `main.ts` with its customers and its resources. Nothing is left behind. */
export async function declaredStack(variables: NodeJS.ProcessEnv): Promise<StackContent> {
  await using folder = await TemporaryFolder.create();
  return await synthesize(folder.path, variables);
}

/** Declaration of `main.ts` without the customers, whose file may be invalid. Nothing is left behind. */
export async function declaredWithoutCustomers(
  variables: NodeJS.ProcessEnv,
): Promise<RealmDeclaration> {
  await using folder = await TemporaryFolder.create();
  const CUSTOMERS_FILE = await writeEmptyCustomersFile(folder.path);
  return (await synthesize(folder.path, { ...variables, CUSTOMERS_FILE })).declaration;
}
