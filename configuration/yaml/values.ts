import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { quoted } from "../../text/quoted.ts";
import type { Path } from "./path.ts";

/** Placeholder for a value with a problem that is reported already: further checks skip it. */
export const refused = Symbol("refused");

/** Receives a problem of the document's structure. */
export type Report = (node: unknown, path: Path, message: string) => void;

/** What {@link plainValue} needs to know about the document. */
export interface Reading {
  readonly report: Report;
  /** The line that a node starts in, from 1. */
  readonly lineOf: (node: unknown) => number;
  /** Whether the keys of the fields at a path are ids. */
  readonly isId: (path: Path) => boolean;
}

/** A node as plain data, strictly: unique keys, no anchors, aliases or tags. */
export function plainValue(node: unknown, reading: Reading, path: Path = []): unknown {
  const { report, lineOf, isId } = reading;
  if (hasExtras(node, path, report)) return refused;
  if (isScalar(node)) return node.value;
  if (isSeq(node))
    return node.items.map((item, index) => plainValue(item, reading, [...path, index]));
  if (!isMap(node)) return null;

  const fields = new Map<string, unknown>();
  const lines = new Map<string, number>();
  for (const { key, value } of node.items) {
    const name = keyText(key);
    if (name === undefined) {
      if (!hasExtras(key, path, report))
        report(key, path, "a key must be text, not a list or fields");
      continue;
    }
    const here = [...path, name];
    hasExtras(key, here, report);
    const before = lines.get(name);
    if (before !== undefined) {
      const what = isId(path) ? "id" : "field";
      report(key, here, `the ${what} ${quoted(name)} is already used on line ${before}`);
    } else if (name === "__proto__") {
      report(key, here, 'nothing can be called "__proto__"; choose another name');
    } else {
      lines.set(name, lineOf(key));
      fields.set(name, plainValue(value, reading, here));
    }
  }
  return Object.fromEntries(fields);
}

/** A key as it is written, `42` and `true` too. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
}

/** For what YAML takes as an anchor, be it meant as one or not. */
export const anchorsRefused =
  "anchors (&) are not allowed; write the value out, or put it in quotes";

/** Reports what a node has beside its value. True if nobody should look at that value. */
function hasExtras(node: unknown, path: Path, report: Report): boolean {
  if (isAlias(node)) {
    report(node, path, "aliases (*) are not allowed; write the value out, or put it in quotes");
    return true;
  }
  const { anchor, tag } = (node ?? {}) as { anchor?: string } & Pick<Node, "tag">;
  if (anchor !== undefined) report(node, path, anchorsRefused);
  if (tag !== undefined) {
    const shown = tag.replace("tag:yaml.org,2002:", "!!");
    report(node, path, `the tag ${quoted(shown)} is not allowed; leave it out`);
  }
  return tag !== undefined || (anchor !== undefined && isScalar(node) && node.value === null);
}
