import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { outdir } from "../terraform/synthesis/synthesize.ts";
import type { States } from "./moves.ts";

/** Writes every state to a new folder, readable only by its owner. @returns the folder */
export async function backUp(states: States): Promise<string> {
  const instant = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const folder = resolve(outdir, "states-before-reshard", instant);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [stack, state] of states)
    if (state)
      await writeFile(join(folder, `${stack}.tfstate`), JSON.stringify(state, null, 2), {
        mode: 0o600,
      });
  return folder;
}
