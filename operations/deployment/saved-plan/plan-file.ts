import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { RefusedError } from "../../../text/errors.ts";

/** Hash of terraform's file of a plan, which binds what is applied to what was shown. */
export async function hashOfFile(file: string): Promise<string> {
  return `sha256:${createHash("sha256")
    .update(await readFile(file))
    .digest("hex")}`;
}

/**
 * Makes sure that a plan's file is the one that was shown.
 *
 * @throws RefusedError if it has another hash
 */
export async function needSameFile(file: string, hash: string): Promise<void> {
  if ((await hashOfFile(file)) === hash) return;
  throw new RefusedError(
    `${file} is not the plan that was shown; nothing is applied; npm run plan makes a new plan`,
  );
}
