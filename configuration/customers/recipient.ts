import { quoted } from "../../text/quoted.ts";

/**
 * Public keys of age, which are Bech32: X25519, and the post-quantum one.
 *
 * @see https://github.com/C2SP/C2SP/blob/main/age.md#recipient-types
 */
export const recipientPattern = /^age1(?:[02-9ac-hj-np-z]{58}|pq1[02-9ac-hj-np-z]{1952})$/;

/** Problems of the recipient that a customer's credentials are encrypted to. */
export function recipientProblems(text: string): string[] {
  if (recipientPattern.test(text)) return [];
  const problem = /^age1[a-z0-9]+$/i.test(text)
    ? "is not complete, or has a typing error; copy it again"
    : "is not a recipient of age; write the customer's, such as age1… from age-keygen -y";
  return [`${quoted(text)} ${problem}`];
}
