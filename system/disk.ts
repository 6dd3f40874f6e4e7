import { statfs } from "node:fs/promises";

const needed = 20_000_000;

/**
 * Hint `; the disk of … is full: free some space` if less than 20 MB are left; otherwise an empty text. Few programs name a
 * full disk as the cause of their failure.
 */
export async function fullDisk(folder: string): Promise<string> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < needed ? `; the disk of ${folder} is full: free some space` : "";
}
