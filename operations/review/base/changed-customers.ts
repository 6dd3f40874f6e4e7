import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { todayFrom } from "../../../configuration/customers/today.ts";
import { type Environment, environmentFile } from "../../../configuration/environment.ts";
import { readPlain } from "../../../configuration/yaml/plain.ts";
import { quoted } from "../../../text/quoted.ts";
import { identical } from "../compare/values.ts";
import { changedFiles } from "./changes.ts";
import { type Base, dayBefore } from "./git/git.ts";
import { committedFiles, committedTexts } from "./git/git-files.ts";
import { differingEntries } from "./differing-entries.ts";
import { isOnlyKey, keyFilesIn, keyFilesOf } from "./key-files.ts";
import { looseMapping, mappingOf } from "./loose-yaml.ts";
import { customersSources } from "./sources.ts";
import type { WorkTree } from "./git/work-tree.ts";

/** An entry of a customers' file, which nobody has validated yet, with the customer's id. */
export type Entry = readonly [id: string, fields: Readonly<Record<string, unknown>>];

/** The entries that may have other resources than at a base. */
export interface ChangedCustomers {
  /** Entries that were added, changed or removed, as each side has them, and those whose public keys were changed. */
  readonly changed: readonly Entry[];
  /** Entries of customers whose access has ended since the base. */
  readonly ended: readonly Entry[];
}

/**
 * Finds the customers that may have other resources than at a base, from nothing but Git and the customers' files.
 *
 * @returns the customers, or the reason why every customer may have other resources
 */
export async function changedCustomers(
  base: Base,
  environment: Environment,
  tree: WorkTree,
): Promise<ChangedCustomers | string> {
  const { folder, prefix } = tree;
  const [files, changed, day] = await Promise.all([
    committedFiles(base, folder),
    changedFiles(base, prefix, tree),
    dayBefore(base, folder),
  ]);
  const ownFile = environmentFile(environment.name);
  if (!files.has(prefix + ownFile)) return `${quoted(ownFile)} is new`;
  const before = customersSources(environment.customers, (path) =>
    [...files.keys()]
      .filter((file) => file.startsWith(`${prefix}${path}/`))
      .map((file) => file.slice(`${prefix}${path}/`.length)),
  ).map(({ file }) => file);
  const after = tree.customersFiles.map(({ file }) => file);
  const committed = before
    .filter((file) => changed.includes(file) && files.has(prefix + file))
    .map((file) => prefix + file);
  const textsBefore = await committedTexts(committed, base, folder);
  const keys = [...tree.keyFiles, ...keyFilesIn(textsBefore)]
    .map(({ file }) => file)
    .filter(isOnlyKey);
  const data = new Set([...before, ...after, ...keys]);
  const other = changed.find(
    (file) => !data.has(file) && !isNoCode(file) && !isOtherEnvironment(file, ownFile),
  );
  if (other !== undefined) return `${quoted(other)} has changed`;
  const textsAfter = await texts(
    after.filter((file) => changed.includes(file)),
    folder,
  );
  const changedKeys = keys.filter((file) => changed.includes(file));
  const all = await texts(after, folder);
  const hasDays = all.some((text) => text.includes("expires"));
  const present = changedKeys.length > 0 || hasDays ? entriesIn(all) : [];
  const today = todayFrom(process.env);
  return {
    changed: [
      ...differing(...bothEntries(textsBefore, textsAfter)),
      ...present.filter(([, entry]) =>
        keyFilesOf(entry).some((file) => changedKeys.includes(file)),
      ),
    ],
    ended: present.filter(
      ([, { expires }]) => typeof expires === "string" && expires >= day && expires < today,
    ),
  };
}

/** Whether a file has no influence on a declaration. */
function isNoCode(file: string): boolean {
  return /^(docs|__tests__|\.github|\.gitlab)\/|\.md$|^(customers\.schema\.json|\.gitlab-ci\.yml|LICENSE)$/.test(
    file,
  );
}

/** Whether a file is that of an environment, and not the one that is planned. */
function isOtherEnvironment(file: string, ownFile: string): boolean {
  return /^environments\/[^/]+\.yaml$/.test(file) && file !== ownFile;
}

async function texts(files: readonly string[], folder: string): Promise<string[]> {
  return Promise.all(files.map((file) => readFile(join(folder, file), "utf8").catch(() => "")));
}

/** The entries on both sides. If each has one file, entries that both begin or end with are left out. */
function bothEntries(
  before: readonly string[],
  after: readonly string[],
): [before: Entry[], after: Entry[]] {
  const [one, other] = [before[0] ?? "", after[0] ?? ""];
  const isOneFile = before.length === 1 && after.length === 1;
  const parts = isOneFile ? differingEntries(one, other) : undefined;
  const plain = parts?.map((text) => readPlain(text));
  return plain?.every((each) => each !== undefined)
    ? [entriesOf(plain[0]), entriesOf(plain[1])]
    : [entriesIn(before), entriesIn(after)];
}

function entriesIn(all: readonly string[]): Entry[] {
  return all.flatMap((text) => entriesOf(readPlain(text) ?? looseMapping(text)));
}

function entriesOf(file: unknown): Entry[] {
  const { customers } = mappingOf(file);
  return Object.entries(mappingOf(customers)).map(([id, fields]) => [id, mappingOf(fields)]);
}

/** The entries that only one side has, or that differ. */
function differing(before: readonly Entry[], after: readonly Entry[]): Entry[] {
  const now = new Map(after);
  const same = new Set(
    before.flatMap(([id, fields]) => (identical(fields, now.get(id)) ? [id] : [])),
  );
  return [...before, ...after].filter(([id]) => !same.has(id));
}
