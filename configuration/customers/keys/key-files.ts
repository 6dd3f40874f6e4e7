import { readFileSync, statSync } from "node:fs";
import { isAbsolute, posix } from "node:path";
import { holdsPrivateKey } from "../../../text/private-keys.ts";
import { KeyProblem } from "./public-keys.ts";

/** Bytes that a file with one key may have. */
const largest = 64 * 1024;

/** End of the name of a file with a key. */
export const keyExtension = /\.(pem|jwk|json)$/;

/** Whether a path ends like the name of a file with a key. Code has another extension. */
export function hasKeyExtension(file: string): boolean {
  return keyExtension.test(file);
}

/**
 * The content of a file with a customer's public key, which is relative to the project's folder. It has to be in the repository, so that a
 * review can compare it.
 *
 * @throws KeyProblem if it cannot be read, is elsewhere, holds no public key in text, or has another extension
 */
export function readKeyFile(file: unknown): string {
  if (!isFileName(file)) throw new KeyProblem(nameProblem(file));
  if (isAbsolute(file) || posix.normalize(file).split("/")[0] === "..")
    throw new KeyProblem("is outside of the project's folder; move it there");
  const bytes = contentOf(file);
  const content = bytes.toString();
  // a key in DER begins with this byte, and no text of a key does
  const isDer = bytes[0] === 0x30;
  if (holdsPrivateKey(content) || (isDer && holdsPrivateKey(bytes.toString("base64"))))
    throw new KeyProblem("holds a private key; remove it, and let the customer make a new one");
  if (isDer) throw new KeyProblem(`is a key in DER; convert it to PEM: ${fromDer}`);
  if (/^(ssh-|ecdsa-sha2-|---- BEGIN SSH2 )/.test(content))
    throw new KeyProblem(`is a key for SSH; convert it to PEM: ${fromSsh}`);
  if (hasKeyExtension(file)) return content;
  throw new KeyProblem("is not a .pem, .jwk or .json file; save the key in one of those");
}

/** Whether a value may be the name of a file. Otherwise it may be a key or have a password, and no message repeats it. */
export function isFileName(value: unknown): value is string {
  return (
    typeof value === "string" && value !== "" && !/\n|^\{|^-----/.test(value) && !isAddress(value)
  );
}

/** Whether a value is an address instead of a key. */
export function isAddress(value: unknown): boolean {
  return typeof value === "string" && /^https?:\/\//i.test(value);
}

/** Problem of an address instead of a key. */
export const addressProblem = "is an address; use jwksUrl";

function nameProblem(value: unknown): string {
  if (isAddress(value)) return addressProblem;
  const fix =
    typeof value === "string" && value !== ""
      ? "save the key in a file, and name that"
      : "write one such as keys/acme.pem";
  return `is not a file name; ${fix}`;
}

const fromDer = "openssl pkey -pubin -inform DER -in key.der -out key.pem";
const fromSsh = "ssh-keygen -e -m PKCS8 -f key.pub > key.pem";

function contentOf(file: string): Buffer {
  try {
    const status = statSync(file, { throwIfNoEntry: false });
    if (!status?.isFile()) {
      const problem = status ? "is not a file" : "does not exist";
      throw new KeyProblem(`${problem}; add a file with the key to the repository`);
    }
    if (status.size > largest)
      throw new KeyProblem("is larger than 64 KB; save only the public key in it");
    return readFileSync(file);
  } catch (error) {
    if (error instanceof KeyProblem) throw error;
    throw new KeyProblem("cannot be read; check its path and its permissions");
  }
}
