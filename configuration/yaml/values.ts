import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { holdsPrivateKey, isPrivateJwk } from "../../text/private-keys.ts";
import { quoted } from "../../text/quoted.ts";
import type { Path } from "./path.ts";

/** Placeholder for a value whose problem is already reported. Further checks skip it. */
export const alreadyReported = Symbol("already reported");

/** Callback that receives a problem of the document's structure. */
export type Report = (node: unknown, path: Path, message: string) => void;

/** Context of {@link plainValue}: the document that the nodes belong to. */
export interface DocumentContext {
  readonly report: Report;
  /** The line on which a node starts, from 1. */
  readonly lineOf: (node: unknown) => number;
  /** Whether the keys at a path are ids. */
  readonly isId: (path: Path) => boolean;
}

/** Converts a node to plain data. It reports duplicate keys, anchors, aliases, tags and private keys. */
export function plainValue(node: unknown, document: DocumentContext, path: Path = []): unknown {
  const { report, lineOf, isId } = document;
  if (reportUnsupported(node, path, report)) return alreadyReported;
  if (isScalar(node)) {
    if (typeof node.value !== "string" || !holdsPrivateKey(node.value)) return node.value;
    report(node, path, privateKeyMessage);
    return alreadyReported;
  }
  if (isSeq(node))
    return node.items.map((item, index) => plainValue(item, document, [...path, index]));
  if (!isMap(node)) return null;

  const fields = new Map<string, unknown>();
  const lines = new Map<string, number>();
  for (const { key, value } of node.items) {
    const name = keyText(key);
    if (name === undefined) {
      if (!reportUnsupported(key, path, report))
        report(key, path, "a key must be text, not a list or a mapping");
      continue;
    }
    if (holdsPrivateKey(name)) {
      report(key, path, privateKeyMessage);
      continue;
    }
    const fieldPath = [...path, name];
    reportUnsupported(key, fieldPath, report);
    const firstLine = lines.get(name);
    if (firstLine !== undefined) {
      const noun = isId(path) ? "id" : "field";
      report(key, fieldPath, `the ${noun} ${quoted(name)} is already used on line ${firstLine}`);
    } else if (name === "__proto__") {
      report(key, fieldPath, 'the name "__proto__" is not allowed; choose another');
    } else {
      lines.set(name, lineOf(key));
      fields.set(name, plainValue(value, document, fieldPath));
    }
  }
  const mapping = Object.fromEntries(fields);
  if (!isPrivateJwk(mapping)) return mapping;
  report(node, path, privateKeyMessage);
  return alreadyReported;
}

/** Message about a private key. It is in Git perhaps, so nobody can rely on it any more. */
export const privateKeyMessage = "holds a private key; remove it, and let its owner make a new one";

/** Text of a key as it is written, also of `42` and `true`; undefined if the key is a list or a mapping. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
}

/** Message about an anchor. Its author may have meant text that starts with `&`. */
export const anchorMessage =
  "anchors (&) are not allowed; write the value out, or put it in quotes";

/**
 * Reports an alias, an anchor or a tag.
 *
 * @returns whether the node has no usable value
 */
function reportUnsupported(node: unknown, path: Path, report: Report): boolean {
  if (isAlias(node)) {
    report(node, path, "aliases (*) are not allowed; write the value out, or put it in quotes");
    return true;
  }
  const { anchor, tag } = (node ?? {}) as { anchor?: string } & Pick<Node, "tag">;
  if (anchor !== undefined) report(node, path, anchorMessage);
  if (tag !== undefined) {
    const shown = tag.replace("tag:yaml.org,2002:", "!!");
    report(node, path, `the tag ${quoted(shown)} is not allowed; remove it`);
  }
  return tag !== undefined || (anchor !== undefined && isScalar(node) && node.value === null);
}
