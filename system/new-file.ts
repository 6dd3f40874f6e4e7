import { writeFile } from "node:fs/promises";
import { RefusedError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";

/**
 * Writes a new file that only its owner can read.
 *
 * @throws RefusedError if there is one of that name, or a link
 */
export async function writeNewFile(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new RefusedError(`${quoted(file)} exists already; delete it, or choose another file`);
  }
}
