import { bech32 } from "@scure/base";
import { quoted } from "../../text/quoted.ts";

/**
 * Public keys of age, which are Bech32: X25519, and the post-quantum one.
 *
 * @see https://github.com/C2SP/C2SP/blob/main/age.md#recipient-types
 */
export const recipientPattern = /^age1(?:[02-9ac-hj-np-z]{58}|pq1[02-9ac-hj-np-z]{1952})$/;

/** Problems of the recipient that a customer's credentials are encrypted to. Its checksum finds typing errors. */
export function recipientProblems(text: string): string[] {
  if (recipientPattern.test(text) && hasChecksum(text)) return [];
  const problem = /^age1[a-z0-9]+$/i.test(text)
    ? "is not complete, or has a typing error; copy it again"
    : "is not a recipient of age; write the customer's, such as age1… from age-keygen -y";
  return [`${quoted(text)} ${problem}`];
}

function hasChecksum(text: string): boolean {
  // a post-quantum recipient is longer than Bech32 usually allows
  const { words } = bech32.decodeUnsafe(text, false) ?? {};
  return words !== undefined && bech32.fromWordsUnsafe(words) !== undefined;
}
