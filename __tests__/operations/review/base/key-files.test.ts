import { expect, test } from "@jest/globals";
import { keyFilesIn } from "../../../../operations/review/base/key-files.ts";

const filesIn = (text: string) => keyFilesIn(text).map(({ file }) => file);

test("finds the files with keys of every customer, each once", () => {
  const text = `customers:
  acme: {auth: {method: private_key_jwt, publicKey: ./keys/acme.pem}}
  globex: {auth: {publicKey: [keys/old.pem, keys/acme.pem]}, unknown: 1}
  initech: {name: publicKey}
`;
  expect(filesIn(text)).toEqual(["keys/acme.pem", "keys/old.pem"]);
});

test.each([
  "no YAML: publicKey: [",
  "publicKey",
  "customers: {acme: {auth: {publicKey: 5}}, b: {auth: publicKey}, c: [publicKey], d: }",
])("finds none in a file that is not valid: %s", (text) => {
  expect(filesIn(text)).toEqual([]);
});
