import { chmod, copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { outdir } from "../../terraform/synthesize.ts";
import { RefusedError } from "../../../text/errors.ts";
import { agreementSchema } from "./agreement.ts";
import { originSchema } from "./plan-origin.ts";
import { hashOfFile } from "./plan-file.ts";

/** Folder of the plan that `npm run plan` saves and `npm run deploy` applies. */
const folder = resolve(outdir, "plan");

/** Terraform's file of a stack's plan. */
function planFile(stack: string): string {
  return resolve(folder, `${stack}.tfplan`);
}

const noteFile = resolve(folder, "plan.json");

const noteSchema = z.object({
  version: z.literal(4),
  ...originSchema.shape,
  /** The numbers of the shards that it works on; null for all. */
  only: z.array(z.int()).nullable(),
  /** Hash of terraform's file of each stack that changes; null if there are none, because one would contain a secret. */
  files: z.record(z.string(), z.string()).nullable(),
  ...agreementSchema.shape,
});

/** A plan to be applied later. */
export type SavedPlan = Omit<z.infer<typeof noteSchema>, "version">;

/**
 * Saves a plan, readable only by its owner. Terraform's files count only together with their note.
 *
 * @param files terraform's file of each stack; undefined if they must not be saved
 */
export async function savePlan(
  plan: Omit<SavedPlan, "files">,
  files: ReadonlyMap<string, string> | undefined,
): Promise<void> {
  await forgetPlan();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const hashes = files && Object.fromEntries(await Promise.all([...files].map(saveFile)));
  const text = JSON.stringify({ version: 4, ...plan, files: hashes ?? null }, null, 2);
  await writeFile(noteFile, `${text}\n`, { mode: 0o600 });
}

async function saveFile([stack, file]: readonly [string, string]): Promise<[string, string]> {
  await copyFile(file, planFile(stack));
  await chmod(planFile(stack), 0o600);
  return [stack, await hashOfFile(file)];
}

/** Removes the saved plan, if there is one. */
export async function forgetPlan(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/**
 * The saved plan; undefined if there is none.
 *
 * @throws RefusedError if its file is damaged
 */
export async function savedPlan(): Promise<SavedPlan | undefined> {
  const text = await readFile(noteFile, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch {
    throw damaged(noteFile);
  }
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

function damaged(file: string): RefusedError {
  return new RefusedError(
    `${file} is damaged, or is of another plan; nothing is applied; npm run plan makes a new plan`,
  );
}
