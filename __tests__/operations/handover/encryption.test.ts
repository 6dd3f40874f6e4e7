import { describe, expect, test } from "@jest/globals";
import {
  armor,
  Decrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from "age-encryption";
import { encrypted } from "../../../operations/handover/encryption.ts";
import { RefusedError } from "../../../text/errors.ts";

async function decrypted(text: string, identity: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return await decrypter.decrypt(armor.decode(text), "text");
}

describe.each([
  ["an identity", generateX25519Identity, /^age1(?!pq1)/],
  ["a post-quantum identity", generateHybridIdentity, /^age1pq1/],
])("a text that is encrypted to %s", (_, generate, form) => {
  test("is read with that identity only", async () => {
    const [identity, other] = [await generate(), await generate()];
    const recipient = await identityToRecipient(identity);
    expect(recipient).toMatch(form);
    const text = await encrypted("a secret", recipient);
    expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    expect(text).not.toContain("a secret");
    expect(await decrypted(text, identity)).toBe("a secret");
    await expect(decrypted(text, other)).rejects.toThrow("no identity matched");
  });
});

test.each(["age1qqqq", "age1pq1qqqq", "ssh-ed25519 AAAA"])(
  "the recipient %s is refused",
  async (recipient) => {
    await expect(encrypted("a secret", recipient)).rejects.toThrow(RefusedError);
    await expect(encrypted("a secret", recipient)).rejects.toThrow(
      `"handover": "${recipient}" is not an age recipient`,
    );
  },
);
