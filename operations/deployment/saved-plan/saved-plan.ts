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

/** Terraform's file of the plan. */
const planFile = resolve(folder, "terraform.tfplan");

const noteFile = resolve(folder, "plan.json");

const noteSchema = z.object({
  version: z.literal(3),
  ...originSchema.shape,
  /** Hash of terraform's file; null if there is none, because it would contain a secret. */
  file: z.string().nullable(),
  ...agreementSchema.shape,
});

/** A plan to be applied later. */
export type SavedPlan = Omit<z.infer<typeof noteSchema>, "version">;

/**
 * Saves a plan, readable only by its owner. Terraform's file counts only together with its note.
 *
 * @param file terraform's file; undefined if it must not be saved
 */
export async function savePlan(
  plan: Omit<SavedPlan, "file">,
  file: string | undefined,
): Promise<void> {
  await forgetPlan();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (file !== undefined) {
    await copyFile(file, planFile);
    await chmod(planFile, 0o600);
  }
  const hash = file === undefined ? null : await hashOfFile(file);
  const text = JSON.stringify({ version: 3, ...plan, file: hash }, null, 2);
  await writeFile(noteFile, `${text}\n`, { mode: 0o600 });
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
 * Copies terraform's file of the saved plan to a place that is private to this run.
 *
 * @throws RefusedError if it is not the file that was saved together with its note
 */
export async function copySavedPlan({ file: hash }: SavedPlan, to: string): Promise<void> {
  await copyFile(planFile, to).catch(() => {
    throw damaged(planFile);
  });
  await chmod(to, 0o600);
  if ((await hashOfFile(to)) !== hash) throw damaged(planFile);
}

function damaged(file: string): RefusedError {
  return new RefusedError(
    `${file} is damaged, or is of another plan; nothing is applied; npm run plan makes a new plan`,
  );
}
