import { statfs } from "node:fs/promises";
import { UnavailableError } from "../text/errors.ts";

const enough = 20_000_000;

/**
 * Hint `; the disk of … is full: free some space` if less than 20 MB are left; otherwise an empty text. Few programs name a
 * full disk as the cause of their failure.
 */
export async function fullDisk(folder: string): Promise<string> {
  return (await freeBytes(folder)) < enough
    ? `; the disk of ${folder} is full: free some space`
    : "";
}

/**
 * Makes sure that a disk has space for something large.
 *
 * @param folder a folder that exists on it
 * @param megabytes the space needed
 * @param use what needs it, for the message
 * @throws UnavailableError if it has less
 */
export async function needSpace(folder: string, megabytes: number, use: string): Promise<void> {
  const free = Math.floor((await freeBytes(folder)) / 1_000_000);
  if (free >= megabytes) return;
  throw new UnavailableError(
    `${use} needs ${megabytes} MB in ${folder}, but its disk has only ${free} MB left: free some space`,
  );
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
