import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { InvalidDeclarationError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { isRealmStack, type SynthesizedStack } from "./stack-json.ts";

/** The stack of a RealmStack, as cdktf synthesized it. */
export interface RealmStackFolder {
  /** The folder with the stack's `cdk.tf.json`. */
  readonly folder: string;
  readonly stack: SynthesizedStack;
}

/**
 * Finds the one RealmStack that was synthesized, whatever its id is, in cdktf's manifest. Other stacks are left to cdktf.
 *
 * @param target the folder that cdktf synthesized to
 * @throws InvalidDeclarationError if there is none, or more than one
 */
export async function findRealmStack(target: string): Promise<RealmStackFolder> {
  const text = await readFile(join(target, "manifest.json"), "utf8").catch(() => '{"stacks":{}}');
  const { stacks } = JSON.parse(text) as Manifest;
  // whatever main.ts wrote into the manifest, only files of this synthesis are used
  const names = Object.values(stacks).map(({ workingDirectory }) => basename(workingDirectory));
  const all = await Promise.all(names.map((name) => readStackOf(target, name)));
  const found = all.filter((each): each is RealmStackFolder => isRealmStack(each.stack));
  const [only, ...others] = found;
  if (!only)
    throw new InvalidDeclarationError(
      "main.ts declares no RealmStack, or is older than the commands that read it; declare exactly one",
    );
  if (others.length === 0) return only;
  const list = found.map(({ folder }) => quoted(basename(folder))).join(", ");
  throw new InvalidDeclarationError(
    `main.ts declares ${found.length} RealmStacks, ${list}; declare exactly one, and give each other realm a repository of its own`,
  );
}

async function readStackOf(target: string, name: string) {
  const folder = join(target, "stacks", name);
  const text = await readFile(join(folder, "cdk.tf.json"), "utf8").catch(() => "{}");
  return { folder, stack: JSON.parse(text) as Partial<SynthesizedStack> };
}

/** The part of cdktf's manifest that is used here. */
interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly workingDirectory: string }>>;
}
