import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { useEmptyFolder, write } from "../folder.ts";
import { acme, load, message, messageFor } from "./customers-file.ts";
import { newKeys } from "./keys.ts";

useEmptyFolder();

const [ec, rsa, ed] = [newKeys("P-256"), newKeys("RSA"), newKeys("Ed25519")];
const derOf = (pem: string) => Buffer.from(pem.replace(/^-.*$/gm, ""), "base64");
const jwkOf = (jwk: object) => JSON.stringify(jwk);
const auth = (fields: string) => acme({ auth: `{method: private_key_jwt, ${fields}}` });
const keysOf = (fields: string) => {
  const [customer] = load(auth(fields));
  return customer?.auth?.method === "private_key_jwt" ? customer.auth.jwks : undefined;
};
/** The problems of the entry, without place and path. */
const problemsOf = (fields: string) =>
  messageFor(auth(fields))
    .split("\n")
    .slice(1)
    .map((line) => line.replace(/^ *\S+ +customers\.acme\./, ""));

describe("the keys of a customer", () => {
  beforeAll(() => {
    symlinkSync("loop.pem", "loop.pem");
  });

  test.each([
    ["P-256", ec, "ES256"],
    ["RSA", rsa, "RS256"],
    ["Ed25519", ed, "EdDSA"],
  ])(
    "are loaded from PEM and JWK files and from the entry, with the usual algorithm: %s",
    (...[, key, alg]) => {
      write("keys/acme.pem", key.publicPem);
      write("keys/acme.json", JSON.stringify(key.publicJwk));
      const [loaded] = keysOf("publicKey: keys/acme.pem") ?? [];
      expect(loaded).toEqual({
        ...key.publicJwk,
        alg,
        use: "sig",
        kid: expect.stringMatching(/^[\w-]{43}$/),
      });
      expect(keysOf("publicKey: keys/acme.json")).toEqual([loaded]);
      expect(keysOf(`jwks: {keys: [${jwkOf(key.publicJwk)}]}`)).toEqual([loaded]);
    },
  );

  test("are loaded from a certificate", () => {
    write("private.pem", ec.privatePem);
    write("ec.pem", ec.publicPem);
    const options = ["-key", "private.pem", "-subj", "/CN=acme", "-out", "certificate.pem"];
    execFileSync("openssl", ["req", "-x509", ...options]);
    expect(keysOf("publicKey: certificate.pem")).toEqual(keysOf("publicKey: ec.pem"));
  });

  test("are loaded from files with a byte order mark", () => {
    const contents = { "key.json": JSON.stringify(ec.publicJwk), "key.pem": ec.publicPem };
    for (const [file, text] of Object.entries(contents)) {
      write(file, text);
      write(`marked-${file}`, `\uFEFF${text}`);
      expect(keysOf(`publicKey: marked-${file}`)).toEqual(keysOf(`publicKey: ${file}`));
    }
  });

  test("keep their key id and their algorithm", () => {
    const jwk = { ...rsa.publicJwk, kid: "2027-01", alg: "PS256" };
    expect(keysOf(`jwks: {keys: [${jwkOf(jwk)}]}`)).toMatchObject([
      { kid: "2027-01", alg: "PS256" },
    ]);
  });

  test("have the algorithm of the entry", () => {
    write("rsa.pem", rsa.publicPem);
    expect(keysOf("publicKey: rsa.pem, algorithm: PS256")).toMatchObject([{ alg: "PS256" }]);
  });

  test("are two while the customer changes its key", () => {
    write("old.pem", rsa.publicPem);
    write("new.pem", ec.publicPem);
    expect(keysOf("publicKey: [old.pem, new.pem]")).toMatchObject([
      { alg: "RS256" },
      { alg: "ES256" },
    ]);
  });

  test("are refused in a file that holds a private key", () => {
    write("private.pem", ec.privatePem);
    write("private.json", JSON.stringify(ec.privateJwk));
    for (const file of ["private.pem", "private.json"])
      expect(problemsOf(`publicKey: ${file}`)).toEqual([
        `auth.publicKey: "${file}" holds a private key; remove it, and let the customer make a new one`,
      ]);
  });

  const number = "give one, or two while the customer changes its key";
  test.each([
    [
      "publicKey: none.pem",
      ['auth.publicKey: "none.pem" does not exist; add a file with the key to the repository'],
    ],
    [
      "publicKey: .",
      ['auth.publicKey: "." is not a file; add a file with the key to the repository'],
    ],
    ...[
      ['"a\\0.pem"', "a\\u0000.pem"],
      [`${"a".repeat(300)}.pem`, `${"a".repeat(79)}…`],
      ["loop.pem", "loop.pem"],
    ].map(([file, shown]): [string, string[]] => [
      `publicKey: ${file}`,
      [`auth.publicKey: "${shown}" cannot be read; check its path and its permissions`],
    ]),
    [
      "publicKey: ../ec.pem",
      ['auth.publicKey: "../ec.pem" is outside of the project\'s folder; move it there'],
    ],
    [
      "publicKey: a/../../ec.pem",
      ['auth.publicKey: "a/../../ec.pem" is outside of the project\'s folder; move it there'],
    ],
    [
      "publicKey: /ec.pem",
      ['auth.publicKey: "/ec.pem" is outside of the project\'s folder; move it there'],
    ],
    ["publicKey: 5", ["auth.publicKey: is not a file name; write one such as keys/acme.pem"]],
    ["publicKey: ", ["auth.publicKey: is not a file name; write one such as keys/acme.pem"]],
    [
      "publicKey: none-inside.pem",
      [
        'auth.publicKey: "none-inside.pem" is not a public key; write it as a JWK, or save it as PEM in a file',
      ],
    ],
    ...["main.ts", "ec.txt"].map((file): [string, string[]] => [
      `publicKey: ${file}`,
      [`auth.publicKey: "${file}" is not a .pem, .jwk or .json file; save the key in one of those`],
    ]),
    ...["code-before.pem", "code-after.pem"].map((file): [string, string[]] => [
      `publicKey: ${file}`,
      [
        `auth.publicKey: "${file}" has more than a public key in PEM; keep only the key, without text around`,
      ],
    ]),
    [
      "publicKey: package.json",
      [
        'auth.publicKey: "package.json" has "scripts", "name", which a JWK does not have; keep only the key',
      ],
    ],
    [
      "publicKey: large.pem",
      ['auth.publicKey: "large.pem" is larger than 64 KB; save only the public key in it'],
    ],
    [
      "publicKey: two.pem",
      ['auth.publicKey: "two.pem" has 2 keys; save each in a file of its own'],
    ],
    [
      "publicKey: set.json",
      ['auth.publicKey: "set.json" is a key set; save each of its keys in a file'],
    ],
    ["publicKey: half.json", ['auth.publicKey: "half.json" is not valid JSON; save the key again']],
    ["publicKey: []", [`auth.publicKey: is empty; ${number}`]],
    ["publicKey: [ec.pem, rsa.pem, ed.pem]", [`auth.publicKey: has 3 keys; ${number}`]],
    [
      "publicKey: [ec.pem, ec.pem]",
      ['auth.publicKey[1]: "ec.pem" is the same key as the one before; remove it'],
    ],
    [
      "publicKey: small.pem",
      [
        'auth.publicKey: "small.pem" is not a key that customers may use; use RSA with 2048 bits or more, P-256 or Ed25519',
      ],
    ],
    [
      "publicKey: p384.pem",
      [
        'auth.publicKey: "p384.pem" is not a key that customers may use; use RSA with 2048 bits or more, P-256 or Ed25519',
      ],
    ],
    [
      "publicKey: ec.pem, algorithm: RS256",
      ['auth.publicKey: "ec.pem" does not suit "RS256"; use ES256, or another key'],
    ],
    [
      "publicKey: ec.pem, algorithm: es256",
      ['auth.algorithm: unknown algorithm "es256"; did you mean "ES256"?'],
    ],
    [
      "publicKey: ec.pem, algorithm: HS512",
      ['auth.algorithm: unknown algorithm "HS512"; use one of RS256, PS256, ES256, EdDSA'],
    ],
    ...["key.pub", "key.pem"].map((file): [string, string[]] => [
      `publicKey: ssh/${file}`,
      [
        `auth.publicKey: "ssh/${file}" is a key for SSH; convert it to PEM: ssh-keygen -e -m PKCS8 -f key.pub > key.pem`,
      ],
    ]),
    ...["rsa.der", "ec.der", "ed.pem"].map((file): [string, string[]] => [
      `publicKey: der/${file}`,
      [
        `auth.publicKey: "der/${file}" is a key in DER; convert it to PEM: openssl pkey -pubin -inform DER -in key.der -out key.pem`,
      ],
    ]),
    [
      "publicKey: der/private.der",
      [
        'auth.publicKey: "der/private.der" holds a private key; remove it, and let the customer make a new one',
      ],
    ],
    ["publicKey: 'https://a:b@acme.example/'", ["auth.publicKey: is an address; use jwksUrl"]],
    ["publicKey: ['HTTP://acme.example']", ["auth.publicKey[0]: is an address; use jwksUrl"]],
    ["jwks: 'https://acme.example/jwks.json'", ["auth.jwks: is an address; use jwksUrl"]],
    ["jwks: 5", ["auth.jwks: is not a key set; write {keys: [...]}"]],
    ["jwks: {keys: []}", [`auth.jwks.keys: is empty; ${number}`]],
    [
      "jwks: {keys: [5]}",
      ["auth.jwks.keys[0]: is not a public key; write it as a JWK, or save it as PEM in a file"],
    ],
    [
      "jwks: {keys: [{kty: EC}]}",
      ["auth.jwks.keys[0]: is not a public key; write it as a JWK, or save it as PEM in a file"],
    ],
    [
      "jwks: {keys: [5], algorithm: PS256}",
      [
        "auth.jwks.keys[0]: is not a public key; write it as a JWK, or save it as PEM in a file",
        "auth.jwks.algorithm: does not belong to a key set; move or remove it",
      ],
    ],
    ["", ["auth: has no key; add one of jwksUrl, jwks, publicKey"]],
    ["publickey: ec.pem", ['auth.publickey: unknown field "publickey"; did you mean "publicKey"?']],
    [
      "publicKey: ec.pem, jwks: {keys: []}",
      ['auth: has "jwks", "publicKey"; keep one of them', `auth.jwks.keys: is empty; ${number}`],
    ],
  ])("are refused with one message per mistake: %s", (fields, problems) => {
    write("ec.pem", ec.publicPem);
    write("rsa.pem", rsa.publicPem);
    write("ed.pem", ed.publicPem);
    write("ec.txt", ec.publicPem);
    write("none-inside.pem", "hello");
    write("main.ts", `/*\n${ec.publicPem}*/\nexport {};\n`);
    write("code-before.pem", `export {};\n${ec.publicPem}`);
    write("code-after.pem", `${ec.publicPem}export {};\n`);
    write("package.json", jwkOf({ ...ec.publicJwk, scripts: {}, name: "a" }));
    write("two.pem", ec.publicPem + rsa.publicPem);
    write("set.json", JSON.stringify({ keys: [ec.publicJwk] }));
    for (const file of ["key.pub", "key.pem"])
      write(`ssh/${file}`, "ssh-ed25519 AAAAC3Nz me@host\n");
    write("der/rsa.der", derOf(rsa.publicPem));
    write("der/ec.der", derOf(ec.publicPem));
    write("der/ed.pem", derOf(ed.publicPem));
    write("der/private.der", derOf(ec.privatePem));
    write("half.json", '{"kty":"EC",');
    write("large.pem", "x".repeat(65_537));
    write("small.pem", newKeys("RSA-1024").publicPem);
    write("p384.pem", newKeys("P-384").publicPem);
    expect(problemsOf(fields)).toEqual(problems);
  });

  test.each([
    [{ kid: "" }, "has a key id (kid) that is not text of 1 to 255 characters; shorten it"],
    [{ kid: 5 }, "has a key id (kid) that is not text of 1 to 255 characters; shorten it"],
    [
      { kid: "${x}" },
      'is not usable: the key id "${x}" contains "${", which Terraform would evaluate; remove it',
    ],
    [{ kid: "a\u202Eb" }, 'has a key id with an invisible character: "a\\u202eb"; remove it'],
    [{ use: "enc" }, 'is not for signatures; use a key whose "use" is sig'],
    [{ alg: 256 }, "has an algorithm (alg) that is not text; write it in quotes"],
    [{ Kid: "2027" }, 'has "Kid", which a JWK does not have; keep only the key'],
    [{ alg: "HS256" }, 'does not suit "HS256"; use ES256, or another key'],
  ])("are refused if a member of the JWK is wrong: %j", (members, problem) => {
    expect(problemsOf(`jwks: {keys: [${jwkOf({ ...ec.publicJwk, ...members })}]}`)).toEqual([
      `auth.jwks.keys[0]: ${problem}`,
    ]);
  });

  test("are refused if the JWK is for another algorithm than the entry", () => {
    const jwk = jwkOf({ ...rsa.publicJwk, alg: "PS256" });
    expect(problemsOf(`jwks: {keys: [${jwk}]}, algorithm: RS256`)).toEqual([
      'auth.jwks.keys[0]: is for "PS256", not RS256; make both the same',
    ]);
  });

  test("are refused with the same key id", () => {
    const [one, other] = [ec, rsa].map(({ publicJwk }) => jwkOf({ ...publicJwk, kid: "a" }));
    expect(problemsOf(`jwks: {keys: [${one}, ${other}]}`)).toEqual([
      'auth.jwks.keys[1]: has the key id "a" of the one before; choose another',
    ]);
  });
});

describe("the address of keys", () => {
  test("is loaded", () => {
    const [customer] = load(auth("jwksUrl: 'https://keys.example.com/acme/jwks.json'"));
    expect(customer?.auth).toEqual({
      method: "private_key_jwt",
      jwksUrl: "https://keys.example.com/acme/jwks.json",
    });
  });

  const notPublic =
    "is not the name of a public host; write one in lower case, such as keys.example.com";
  const notHttps = "is not an https address; write one such as https://keys.example.com/jwks.json";
  const notUsual = "is not in its usual form; write";
  test.each([
    ["", `"" ${notHttps}`],
    ["keys.example.com", `"keys.example.com" ${notHttps}`],
    ["http://keys.example.com/", `"http://keys.example.com/" ${notHttps}`],
    [
      "https://key.example.com/",
      'the host "key.example.com" is not allowed; add it to allowedJwksHosts of environments/local.yaml, or did you mean "keys.example.com"?',
    ],
    [
      "https://acme.example/",
      'the host "acme.example" is not allowed; add it to allowedJwksHosts of environments/local.yaml',
    ],
    ["https://127.0.0.1/", `"127.0.0.1" ${notPublic}`],
    ["https://0x7f.1/", `"127.0.0.1" ${notPublic}`],
    ["https://2130706433/", `"127.0.0.1" ${notPublic}`],
    ["https://[::1]/", `"[::1]" ${notPublic}`],
    ["https://localhost/", `"localhost" ${notPublic}`],
    ["https://a.localhost/", `"a.localhost" ${notPublic}`],
    ["https://keycloak/", `"keycloak" ${notPublic}`],
    ["https://keys.example.com./", `"keys.example.com." ${notPublic}`],
    ["https://keys.example.com:443/", '"https://keys.example.com:443/" has a port; remove it'],
    ["https://keys.example.com:8443", '"https://keys.example.com:8443" has a port; remove it'],
    ["https://me:hunter2@keys.example.com/", "contains a user name or password; remove it"],
    ["https://keys.example.com/#a", '"https://keys.example.com/#a" has a fragment; remove it'],
    [
      "https://keys.example.com",
      `"https://keys.example.com" ${notUsual} "https://keys.example.com/"`,
    ],
    [
      "https://KEYS.example.com/",
      `"https://KEYS.example.com/" ${notUsual} "https://keys.example.com/"`,
    ],
    [
      "https://keys.example.com/a/../b",
      `"https://keys.example.com/a/../b" ${notUsual} "https://keys.example.com/b"`,
    ],
    [
      "https:/\\keys.example.com/",
      `"https:/\\\\keys.example.com/" ${notUsual} "https://keys.example.com/"`,
    ],
    [
      "https://keys.example.com/${x}",
      'the address "https://keys.example.com/${x}" contains "${", which Terraform would evaluate; remove it',
    ],
  ])("is refused: %s", (address, problem) => {
    expect(problemsOf(`jwksUrl: '${address}'`)).toEqual([`auth.jwksUrl: ${problem}`]);
  });
});

test("places a problem of a key at its line", () => {
  const text = acme({
    auth: "\n      method: private_key_jwt\n      publicKey:\n        - none.pem",
  });
  expect(messageFor(text)).toBe(
    message(
      '9:11  customers.acme.auth.publicKey[0]: "none.pem" does not exist; add a file with the key to the repository',
    ),
  );
});
