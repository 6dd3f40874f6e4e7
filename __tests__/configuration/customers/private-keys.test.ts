import { expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { acme, messageFor } from "./customers-file.ts";
import { newKeys } from "./keys.ts";

useEmptyFolder();

const ec = newKeys("P-256");
const [, body = ""] = ec.privatePem.split("\n");
const jwk = JSON.stringify(ec.privateJwk);
const block = (indent: number) => `|\n${ec.privatePem.replace(/^(?=.)/gm, " ".repeat(indent))}`;
const keys = (value: string) => acme({ auth: `\n      method: private_key_jwt\n      ${value}` });
const age = "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSGL3A7J";

test.each([
  ["in publicKey", keys(`publicKey: ${block(8)}`)],
  ["in a list of files", keys(`publicKey: [${JSON.stringify(ec.privatePem)}]`)],
  ["in a key set", keys(`jwks: {keys: [${jwk}]}`)],
  ["instead of a key set", keys(`jwks: ${jwk}`)],
  ["as text", keys(`jwks: '${jwk}'`)],
  ["in another field", acme({ name: block(6) })],
  ["in a field of another type", acme({ enabled: JSON.stringify(ec.privatePem) })],
  ["without its first line", acme({ contact: body })],
  ["as the key of a mapping", acme({ [body]: "1" })],
  ["as a symmetric key", keys('jwks: {keys: [{kty: oct, k: "c2VjcmV0LXNlY3JldC1zZWNyZXQ"}]}')],
  ["of age", acme({ handover: age })],
  ["instead of the file", ec.privatePem],
])("refuses a private key once, and does not repeat it: %s", (_, text) => {
  const message = messageFor(text);
  expect(message.split("\n").slice(1)).toEqual([
    expect.stringMatching(/holds a private key; remove it, and let its owner make a new one$/),
  ]);
  for (const secret of [body.slice(8, 28), String(ec.privateJwk.d).slice(0, 20), age.slice(0, 30)])
    expect(message).not.toContain(secret);
});

test("refuses a private key in comments, with its line, and does not repeat it", () => {
  const comments = ec.privatePem.replace(/^(?=.)/gm, "# ");
  const message = messageFor(`${acme()}    # the key:\n${comments}`);
  expect(message.split("\n").slice(1)).toEqual([
    "  customers.yaml:7:1  holds a private key; remove it, and let its owner make a new one",
  ]);
  expect(message).not.toContain(body.slice(8, 28));
});

test("accepts a comment about private keys", () => {
  expect(messageFor(`# never put a private key here\n${acme()}`)).toContain('"id":"acme"');
});

test.each([
  ["an unclosed quote", keys(`publicKey: "${ec.privatePem}`)],
  ["the indentation of its lines", keys(`publicKey: ${ec.privatePem}`)],
  ["a wrong indicator", keys(`publicKey: >${body}`)],
  ["an unknown escape", keys(`publicKey: "\\M${body}"`)],
  ["more after the value", keys(`publicKey: "a" ${body}`)],
])("does not repeat a private key in a message about YAML: %s", (_, text) => {
  const message = messageFor(text);
  expect(message).toMatch(/^customers\.yaml is not valid/);
  expect(message).not.toContain(body.slice(8, 28));
});
