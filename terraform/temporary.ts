import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExplainedError } from "../text/errors.ts";

/**
 * Has a folder for as long as something uses it.
 *
 * @param parent the folder that it is made in
 * @throws ExplainedError (3) if none can be made
 */
export async function inTemporaryFolder<T>(
  use: (folder: string) => Promise<T>,
  parent = tmpdir(),
): Promise<T> {
  const folder = await mkdtemp(join(parent, "atlas-realm-")).catch((error: unknown) => {
    const words = (error as Error).message;
    throw new ExplainedError(
      3,
      `no temporary folder can be made; set TMPDIR to a folder that may be written to: ${words}`,
    );
  });
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
