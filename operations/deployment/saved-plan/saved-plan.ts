import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { UsageError } from "../../../text/errors.ts";
import {
  damaged,
  noteFile,
  noteVersion,
  partsHere,
  planFolder,
  readNote,
  type SavedPlan,
} from "./note.ts";
import type { Part } from "./part.ts";
import { hashOfFile } from "./plan-file.ts";

/** Terraform's file of a stack's plan. */
function planFile(stack: string): string {
  return resolve(planFolder, `${stack}.tfplan`);
}

/**
 * Saves a plan, readable only by its owner. Terraform's files count only together with their note.
 *
 * @param files terraform's file of each stack; undefined if they must not be saved
 * @param part the part of a plan that it is; undefined for a whole plan
 */
export async function savePlan(
  plan: Omit<SavedPlan, "files">,
  files: ReadonlyMap<string, string> | undefined,
  part?: Part,
): Promise<void> {
  await forgetPlan(part);
  await mkdir(planFolder, { recursive: true, mode: 0o700 });
  const hashes = files && Object.fromEntries(await Promise.all([...files].map(saveFile)));
  const text = JSON.stringify({ version: noteVersion, ...plan, files: hashes ?? null }, null, 2);
  await writeFile(noteFile(part), `${text}\n`, { mode: 0o600 });
}

async function saveFile([stack, file]: readonly [string, string]): Promise<[string, string]> {
  await copyFile(file, planFile(stack));
  await chmod(planFile(stack), 0o600);
  return [stack, await hashOfFile(file)];
}

/**
 * Removes the saved plan, if there is one.
 *
 * @param part a part that is planned again; the other parts of the same plan stay
 */
export async function forgetPlan(part?: Part): Promise<void> {
  if (!part) return rm(planFolder, { recursive: true, force: true });
  const gone = (await partsHere()).filter(
    ({ number, of }) => of !== part.of || number === part.number,
  );
  for (const each of [undefined, ...gone]) await rm(noteFile(each), { force: true });
}

/**
 * The saved plan; undefined if there is none.
 *
 * @throws RefusedError if its file is damaged
 * @throws UsageError if there are only parts of one
 */
export async function savedPlan(): Promise<SavedPlan | undefined> {
  const saved = await readNote(noteFile());
  if (saved === undefined && (await partsHere()).length > 0)
    throw new UsageError(
      `${planFolder} has only parts of a plan; npm run plan -- --join makes one plan of them`,
    );
  return saved;
}

/**
 * Copies terraform's file of a stack's saved plan to a place that is private to this run.
 *
 * @throws RefusedError if it is not the file that was saved together with its note
 */
export async function copySavedPlan(
  { files }: SavedPlan,
  stack: string,
  to: string,
): Promise<void> {
  const file = planFile(stack);
  await copyFile(file, to).catch(() => {
    throw damaged(file);
  });
  await chmod(to, 0o600);
  if ((await hashOfFile(to)) !== files?.[stack]) throw damaged(file);
}
