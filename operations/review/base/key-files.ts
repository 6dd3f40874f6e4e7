import { posix } from "node:path";
import { hasKeyExtension } from "../../../configuration/customers/keys/key-files.ts";
import { looseMapping, mappingOf } from "./loose-yaml.ts";
import type { Source } from "./sources.ts";

/**
 * The files with public keys that customers' files name, each once.
 *
 * @param texts the customers' files, which may be some that only the base's own code can read
 */
export function keyFilesIn(texts: readonly string[]): Source[] {
  const files = texts.flatMap(keyFilesOfAll);
  return [...new Set(files)].map((file) => ({
    ...{ description: "the file with a customer's key", file },
  }));
}

function keyFilesOfAll(text: string): string[] {
  // most files have none, and reading a long one takes time
  if (!text.includes("publicKey")) return [];
  const { customers } = looseMapping(text);
  return Object.values(mappingOf(customers)).flatMap(keyFilesOf);
}

/** The files with public keys that an entry of a customers' file names. */
export function keyFilesOf(customer: unknown): string[] {
  const { auth } = mappingOf(customer);
  const { publicKey } = mappingOf(auth);
  return [publicKey]
    .flat()
    .filter((file) => typeof file === "string")
    .map((file) => posix.normalize(file));
}

/**
 * Whether a path that a customers' file names can be nothing but a key: no code, and no JSON that a tool reads, such as `package.json`. An
 * entry that names another path must not hide a change of it.
 */
export function isOnlyKey(file: string): boolean {
  const isOfTool = /^[^/]+\.json$|^packages\/|(^|\/)(\.[^/]*|node_modules)\//.test(file);
  return hasKeyExtension(file) && !isOfTool;
}
