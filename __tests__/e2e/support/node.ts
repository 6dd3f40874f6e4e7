import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../../../system/folders.ts";

/** The oldest and the newest Node that README names. */
export const nodes = { oldest: "20.19.0", newest: "26.10.0" };

/**
 * Installs a version of Node from npm's package `node` into the cache folder.
 *
 * @returns the PATH on which this Node is the first
 */
export async function pathWithNode(version: string): Promise<string> {
  const folder = join(cacheFolder, `node-${version}`);
  const bin = join(folder, "node_modules/node/bin");
  if (!existsSync(join(bin, "node"))) {
    const options = ["--prefix", folder, "--no-save", "--no-audit", "--no-fund"];
    await execa("npm", ["install", ...options, `node@${version}`]);
  }
  return `${bin}:${process.env.PATH ?? ""}`;
}
