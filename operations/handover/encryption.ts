import { armor, Encrypter } from "age-encryption";
import { RefusedError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";

/**
 * Encrypts a text so that only the holder of a recipient's identity can read it.
 *
 * @param recipient an age recipient: `age1…`, or post-quantum `age1pq1…`
 * @returns an armored age file
 * @throws RefusedError if the recipient is not valid
 * @see https://age-encryption.org/v1
 */
export async function encrypted(text: string, recipient: string): Promise<string> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw new RefusedError(
      `"handover": ${quoted(recipient)} is not an age recipient; ask the customer for the output of age-keygen -y`,
    );
  }
  return armor.encode(await encrypter.encrypt(text));
}
