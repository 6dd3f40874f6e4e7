import { statfs } from "node:fs/promises";

const needed = 20_000_000;

/** `; the disk of … is full, make room` where it is, otherwise an empty text: programs seldom say it as the cause. */
export async function fullDisk(folder: string): Promise<string> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < needed ? `; the disk of ${folder} is full, make room` : "";
}
