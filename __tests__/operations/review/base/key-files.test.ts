import { expect, test } from "@jest/globals";
import { isOnlyKey, keyFilesIn } from "../../../../operations/review/base/key-files.ts";

const filesIn = (text: string) => keyFilesIn([text]).map(({ file }) => file);

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

test.each(["keys/acme.pem", "acme.jwk", "keys/acme.json"])(
  "%s can be nothing but a key",
  (file) => {
    expect(isOnlyKey(file)).toBe(true);
  },
);

test.each([
  ...["main.ts", "operations/review/guard/verdict.ts", "keys/acme.mjs", "keys"],
  ...["package.json", "package-lock.json", "cdktf.json", "packages/provider-keycloak/schema.json"],
  ...[
    ".github/acme.json",
    "../.github/acme.pem",
    "node_modules/a/package.json",
    "environments/pipeline",
  ],
])("%s is never left out of a review as a key", (file) => {
  expect(isOnlyKey(file)).toBe(false);
});
