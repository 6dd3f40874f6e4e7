import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import { outdir } from "../../terraform/synthesis/synthesize.ts";
import { RefusedError } from "../../../text/errors.ts";
import { agreementSchema } from "./agreement.ts";
import type { Part } from "./part.ts";
import { originSchema } from "./plan-origin.ts";

/** Folder of the plan that `npm run plan` saves and `npm run deploy` applies. */
export const planFolder = resolve(outdir, "plan");

/** Version of the notes. */
export const noteVersion = 5;

const noteSchema = z.object({
  version: z.literal(noteVersion),
  ...originSchema.shape,
  /** The customers that it works on, and the numbers of their shards; null for all. */
  only: z.object({ shards: z.array(z.int()), customers: z.array(z.string()) }).nullable(),
  /** Hash of terraform's file of each stack that changes; null if there are none, because one would contain a secret. */
  files: z.record(z.string(), z.string()).nullable(),
  ...agreementSchema.shape,
});

/** A plan to be applied later, or a part of it. */
export type SavedPlan = Omit<z.infer<typeof noteSchema>, "version">;

/** The note of a plan, or of a part of it. */
export function noteFile(part?: Part): string {
  return resolve(planFolder, part ? `plan-${part.number}-of-${part.of}.json` : "plan.json");
}

/**
 * Reads a note; undefined if there is none.
 *
 * @throws RefusedError if it is damaged
 */
export async function readNote(file: string): Promise<SavedPlan | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch {
    throw damaged(file);
  }
}

/** The parts of a plan that are here, in order. */
export async function partsHere(): Promise<Part[]> {
  const names = await readdir(planFolder).catch(() => []);
  return names
    .flatMap((name) => {
      const [, number, of] = /^plan-(\d+)-of-(\d+)\.json$/.exec(name) ?? [];
      return of === undefined ? [] : [{ number: Number(number), of: Number(of) }];
    })
    .sort((a, b) => a.of - b.of || a.number - b.number);
}

/** The error of a file that is not the one that was saved. */
export function damaged(file: string): RefusedError {
  return new RefusedError(
    `${file} is damaged, or is of another plan; nothing is applied; npm run plan makes a new plan`,
  );
}
