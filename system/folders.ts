import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import envPaths from "env-paths";
import project from "../package.json" with { type: "json" };

/** The checkout that the commands belong to. */
export const checkout = join(import.meta.dirname, "..");

/** This project's name in the names of folders and processes, whatever a team's realm is called. */
export const projectName = project.name;

const folders = envPaths(projectName, { suffix: "" });
/** The folders of earlier versions. What is in them is used as long as they exist. */
const formerFolders = envPaths("atlas-realm", { suffix: "" });

/**
 * Folder of downloads, shared by all checkouts: everything in it can be downloaded again.
 *
 * @see https://github.com/sindresorhus/env-paths for the place on each operating system
 */
export const cacheFolder = existing(folders.cache, formerFolders.cache);

/**
 * Folder for data that belongs to this checkout and must stay outside of the repository. On Linux it is below XDG_STATE_HOME, which
 * env-paths calls the folder of logs.
 *
 * @see https://specifications.freedesktop.org/basedir-spec/latest/
 */
export const stateFolder = existing(stateFolderIn(folders), stateFolderIn(formerFolders));

function stateFolderIn({ log, data }: typeof folders): string {
  const parent = process.platform === "linux" ? log : data;
  return join(parent, createHash("sha256").update(checkout).digest("hex").slice(0, 12));
}

/** A folder, or else the one that an earlier version created. */
function existing(folder: string, former: string): string {
  return !existsSync(folder) && existsSync(former) ? former : folder;
}
