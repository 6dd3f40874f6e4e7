import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { InvalidDeclarationError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import {
  type Declaring,
  isRealmStack,
  isShardStack,
  type Sharded,
  type SynthesizedStack,
} from "./stack-json.ts";

/** The folder of a stack, with its JSON. */
export interface StackFolder<Comment> {
  /** The folder with the stack's `cdk.tf.json`. */
  readonly folder: string;
  readonly stack: SynthesizedStack<Comment>;
}

/** The stacks of a realm, as cdktf synthesized them. */
export interface RealmStacks {
  /** The realm's own stack. */
  readonly realm: StackFolder<Declaring>;
  /** The stacks of customers, in the order of their shards. */
  readonly shards: readonly StackFolder<Sharded>[];
}

/**
 * Finds the one RealmStack that was synthesized, whatever its id is, and the stacks of its shards, in cdktf's manifest. Other stacks are left
 * to cdktf.
 *
 * @param target the folder that cdktf synthesized to
 * @throws InvalidDeclarationError if there is no RealmStack, or more than one
 */
export async function findRealmStacks(target: string): Promise<RealmStacks> {
  const text = await readFile(join(target, "manifest.json"), "utf8").catch(() => '{"stacks":{}}');
  const { stacks } = JSON.parse(text) as Manifest;
  // whatever main.ts wrote into the manifest, only files of this synthesis are used
  const names = Object.values(stacks).map(({ workingDirectory }) => basename(workingDirectory));
  const all = await Promise.all(names.map((name) => readStackOf(target, name)));
  const found = all.filter((each): each is StackFolder<Declaring> => isRealmStack(each.stack));
  const shards = all
    .filter((each): each is StackFolder<Sharded> => isShardStack(each.stack))
    .sort((a, b) => a.stack["//"].shard - b.stack["//"].shard);
  const [only, ...others] = found;
  if (!only)
    throw new InvalidDeclarationError(
      "main.ts declares no RealmStack, or is older than the commands that read it; declare exactly one",
    );
  if (others.length === 0) return { realm: only, shards };
  const list = found.map(({ folder }) => quoted(basename(folder))).join(", ");
  throw new InvalidDeclarationError(
    `main.ts declares ${found.length} RealmStacks, ${list}; declare exactly one, and give each other realm a repository of its own`,
  );
}

async function readStackOf(target: string, name: string) {
  const folder = join(target, "stacks", name);
  const text = await readFile(join(folder, "cdk.tf.json"), "utf8").catch(() => "{}");
  return { folder, stack: JSON.parse(text) as Partial<SynthesizedStack<unknown>> };
}

/** The part of cdktf's manifest that is used here. */
interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly workingDirectory: string }>>;
}
