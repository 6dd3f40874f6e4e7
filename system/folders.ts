import { createHash } from "node:crypto";
import { join } from "node:path";
import envPaths from "env-paths";

/** The checkout that the commands belong to. */
export const checkout = join(import.meta.dirname, "..");

const folders = envPaths("atlas-realm", { suffix: "" });

/**
 * Folder of downloads, shared by all checkouts: everything in it can be downloaded again.
 *
 * @see https://github.com/sindresorhus/env-paths for the place on each operating system
 */
export const cacheFolder = folders.cache;

/**
 * Folder for data that belongs to this checkout and must stay outside of the repository. On Linux it is below XDG_STATE_HOME, which
 * env-paths calls the folder of logs.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export const stateFolder = join(
  process.platform === "linux" ? folders.log : folders.data,
  createHash("sha256").update(checkout).digest("hex").slice(0, 12),
);
