import { basename } from "node:path";
import { RefusedError, UsageError } from "../../../text/errors.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { identical } from "../../review/compare/values.ts";
import { noteFile, partsHere, planFolder, readNote, type SavedPlan } from "./note.ts";
import type { Part } from "./part.ts";

/** What all parts of a plan have in common. */
const common = ["environment", "commit", "declaration", "program", "provider", "only"] as const;

/**
 * The saved parts of a plan, as one plan.
 *
 * @throws UsageError if a part is missing
 * @throws RefusedError if a part is damaged, or of another plan
 */
export async function joinParts(): Promise<SavedPlan> {
  const parts = await completeParts();
  const notes = parts.map(({ note }) => note);
  const [first] = notes;
  if (!first) throw new Error("a complete plan has a part");
  for (const { part, note } of parts) {
    const others = common.filter((name) => !identical(note[name], first[name]));
    if (others.length > 0)
      throw new RefusedError(
        `${basename(noteFile(part))} is a part of another plan than the first part: it has another ${listed(others)}; nothing is joined; npm run plan -- --part ${part.number}/${part.of} makes it again`,
      );
  }
  const files = notes.flatMap(({ files }) => (files ? [files] : []));
  return {
    ...first,
    states: Object.assign({}, ...notes.map(({ states }) => states)) as SavedPlan["states"],
    files: files.length < notes.length ? null : (Object.assign({}, ...files) as (typeof files)[0]),
    changes: notes.flatMap(({ changes }) => changes),
    adopted: notes.flatMap(({ adopted }) => adopted),
  };
}

/** @throws UsageError if one is missing */
async function completeParts(): Promise<{ readonly part: Part; readonly note: SavedPlan }[]> {
  const [{ of } = { of: 0 }] = await partsHere();
  if (of === 0)
    throw new UsageError(
      `${planFolder} has no part of a plan; npm run plan -- --shard-matrix lists the parts to plan`,
    );
  const missing: string[] = [];
  const complete: { readonly part: Part; readonly note: SavedPlan }[] = [];
  for (let number = 1; number <= of; number += 1) {
    const part = { number, of };
    const note = await readNote(noteFile(part));
    if (note) complete.push({ part, note });
    else missing.push(`npm run plan -- --part ${number}/${of}`);
  }
  if (missing.length === 0) return complete;
  throw new UsageError(
    `${planFolder} lacks parts of the plan; nothing is joined; make them first: ${missing.join(", ")}`,
  );
}
