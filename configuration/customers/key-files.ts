import { readFileSync, statSync } from "node:fs";
import { isAbsolute, posix } from "node:path";
import { holdsPrivateKey } from "../../text/private-keys.ts";
import { quoted } from "../../text/quoted.ts";
import { KeyProblem } from "./public-keys.ts";

/** Bytes that a file with one key may have. */
const largest = 64 * 1024;

/** Whether a path ends like the name of a file with a key. Code has another extension. */
export function hasKeyExtension(file: string): boolean {
  return /\.(pem|jwk|json)$/.test(file);
}

/**
 * The content of a file with a customer's public key, which is relative to the project's folder. It has to be in the repository, so that a
 * review can compare it.
 *
 * @throws KeyProblem if it cannot be read, is elsewhere, or has another extension
 */
export function readKeyFile(file: unknown): string {
  if (typeof file !== "string" || file === "")
    throw new KeyProblem("is not a file name; write one such as keys/acme.pem");
  if (file.includes("\n") || file.startsWith("{") || file.startsWith("-----"))
    throw new KeyProblem("is not a file name; save the key in a file, and name that");
  if (isAbsolute(file) || posix.normalize(file).split("/")[0] === "..")
    throw new KeyProblem(`${quoted(file)} is outside of the project's folder; move it there`);
  const content = contentOf(file);
  if (holdsPrivateKey(content))
    throw new KeyProblem(
      `${quoted(file)} holds a private key; remove it, and let the customer make a new one`,
    );
  if (hasKeyExtension(file)) return content;
  throw new KeyProblem(
    `${quoted(file)} is not a .pem, .jwk or .json file; save the key in one of those`,
  );
}

function contentOf(file: string): string {
  const status = statSync(file, { throwIfNoEntry: false });
  if (!status?.isFile()) {
    const problem = status ? "is not a file" : "does not exist";
    throw new KeyProblem(`${quoted(file)} ${problem}; add a file with the key to the repository`);
  }
  if (status.size > largest)
    throw new KeyProblem(`${quoted(file)} is larger than 64 KB; save only the public key in it`);
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new KeyProblem(`${quoted(file)} cannot be read; check its permissions`);
  }
}
