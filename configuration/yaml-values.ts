import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { quoted } from "../text/quoted.ts";
import type { Path } from "./path.ts";

/** Stands for a value that has been reported already: whoever meets it has nothing to add. */
export const refused = Symbol("refused");

/** Takes a problem of the document's structure. */
export type Report = (node: unknown, path: Path, message: string) => void;

/**
 * A node as plain data, strictly: keys that stand once, no anchors, aliases or tags.
 *
 * @param lineOf the line that a node starts in
 */
export function plainValue(
  node: unknown,
  path: Path,
  report: Report,
  lineOf: (node: unknown) => number,
): unknown {
  if (hasExtras(node, path, report)) return refused;
  if (isScalar(node)) return node.value;
  if (isSeq(node))
    return node.items.map((item, index) => plainValue(item, [...path, index], report, lineOf));
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
      const what = path.length === 1 && path[0] === "customers" ? "id" : "field";
      report(key, here, `the ${what} ${quoted(name)} is already used on line ${before}`);
    } else if (name === "__proto__") {
      report(key, here, 'nothing can be called "__proto__"; choose another name');
    } else {
      lines.set(name, lineOf(key));
      fields.set(name, plainValue(value, here, report, lineOf));
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
