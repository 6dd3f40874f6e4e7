import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { calculateJwkThumbprint, decodeJwt } from "jose";
import { stringify } from "yaml";
import { loadCustomers } from "../../../../configuration/customers.ts";
import type { Authentication } from "../../../../constructs/authentication/authentication.ts";
import { TrustedIssuer } from "../../../../constructs/authentication/trusted-issuer.ts";
import { BackendClient } from "../../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../../constructs/customer-client.ts";
import type { RealmStack } from "../../../../constructs/realm-stack.ts";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import {
  issuerOf,
  realmKeys,
  tokenEndpoint,
  tokenProblems,
} from "../../../../operations/keycloak/token.ts";
import { Authority, type Certificate } from "../../support/servers/certificates.ts";
import { endToEnd, keyHost as host, onProviders } from "../../support/end-to-end.ts";
import { filesBelow } from "../../support/files.ts";
import { KeyServer } from "../../support/servers/key-server.ts";
import { SigningKey } from "../../support/servers/signing-key.ts";
import { TokenIssuer } from "../../support/servers/token-issuer.ts";
import {
  askForToken,
  askWithCertificate,
  type TokenAnswer,
} from "../../support/servers/token-requests.ts";
import { Workbench } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "authentication";
/** The issuer's address with TLS. */
const secureIssuer = issuerOf(root.tlsUrl, realm);
const authority = new Authority(root.authorityFolder);
const subject = "repo:acme/orders:environment:production";

const keys = {
  rs256: new SigningKey("RS256"),
  ps256: new SigningKey("PS256"),
  es256: new SigningKey("ES256"),
  eddsa: new SigningKey("EdDSA"),
  old: new SigningKey("ES256"),
  new: new SigningKey("ES256"),
  hosted: new SigningKey("RS256"),
  dpop: new SigningKey("ES256"),
};

let folder: string;
/** The folder of the key files, which have to be in the project. */
let keyFolder: string;
let bench: Workbench;
let certificates: { readonly globex: Certificate; readonly initech: Certificate };
let hostedKeys: KeyServer;
let ci: TokenIssuer;
/** Every secret that Keycloak ever had. */
const secrets = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "authentication-"));
  await mkdir("cdktf.out", { recursive: true });
  keyFolder = await mkdtemp("cdktf.out/authentication-");
  const ofKeyHost = await authority.issue("keys", `/CN=${host}`, host);
  const hosted = [await keys.hosted.jwk("hosted")];
  hostedKeys = await KeyServer.start(hosted, ofKeyHost, root.keyProxyPort);
  [certificates, ci] = await Promise.all([issueCertificates(), TokenIssuer.create()]);
  await Promise.all(
    (["ps256", "old", "new"] as const).map((name) =>
      writeFile(join(keyFolder, `${name}.pem`), keys[name].pem),
    ),
  );
  await writeFile(join(keyFolder, "es256.jwk.json"), JSON.stringify(await keys.es256.jwk("es")));
  bench = await Workbench.create(root, onProviders().at(-1) ?? "embedded", realm);
  await deploy();
});
afterAll(async () => {
  await bench.clear();
  hostedKeys.stop();
  await ci.stop();
  for (const each of [folder, keyFolder]) await rm(each, { recursive: true });
});

async function issueCertificates() {
  const globex = await authority.issue("globex", "/O=Globex/CN=globex");
  return { globex, initech: await authority.issue("initech", "/O=Initech/CN=initech") };
}

interface Changes {
  readonly rotatingKeys?: readonly ("old" | "new")[];
  readonly acme?: Authentication | { method: "private_key_jwt"; publicKey: string };
}

/** A customer of each kind, as customers.yaml has them. */
async function entries({ rotatingKeys = ["old", "new"], acme }: Changes): Promise<object> {
  const file = (name: string) => join(keyFolder, name);
  const method = "private_key_jwt";
  const auths = {
    acme: acme && { auth: acme },
    rs256: { auth: { method, jwks: { keys: [await keys.rs256.jwk("rs")] } } },
    ps256: { auth: { method, publicKey: file("ps256.pem"), algorithm: "PS256" } },
    es256: { auth: { method, publicKey: file("es256.jwk.json") } },
    eddsa: { auth: { method, jwks: { keys: [await keys.eddsa.jwk("ed")] } } },
    hosted: { auth: { method, jwksUrl: `https://${host}/keys` } },
    rotating: { auth: { method, publicKey: rotatingKeys.map((name) => file(`${name}.pem`)) } },
    federated: { auth: { method: "federated_jwt", issuer: "ci", subject } },
    certified: { auth: { method: "tls_client_auth", subjectDn: "CN=globex,O=Globex" } },
    bound: { tokenBinding: "dpop" },
    "bound-key": {
      auth: { method, jwks: { keys: [await keys.rs256.jwk("rs")] } },
      tokenBinding: "dpop",
    },
    brief: { tokenLifespan: "1m" },
    expired: { expires: "2024-02-29" },
    writer: {
      auth: { method, jwks: { keys: [await keys.rs256.jwk("rs")] } },
      access: { orders: ["orders:write"] },
    },
  };
  return Object.fromEntries(
    Object.entries(auths).map(([id, more]) => [
      id,
      { name: id, contact: "api@acme.example", access: { orders: ["orders:read"] }, ...more },
    ]),
  );
}

async function deploy(changes: Changes = {}): Promise<string[]> {
  const file = join(folder, "customers.yaml");
  const customers = await entries(changes);
  await writeFile(file, stringify({ customers }, { aliasDuplicateObjects: false }));
  const declare = (stack: RealmStack) => {
    const requires = ["private_key_jwt", "tls_client_auth", "federated_jwt"] as const;
    new BackendClient(stack, "orders", {
      permissions: ["orders:read", { name: "orders:write", requires }],
    });
    new TrustedIssuer(stack, "ci", { issuer: ci.url, jwksUrl: `${ci.url}/keys` });
    for (const { id, ...customer } of loadCustomers(file, stack.declaration, "2026-11-27"))
      new CustomerClient(stack, id, customer);
  };
  const changed = await bench.deploy(declare, {
    authentication: {
      secretPrefix: "atlas_test_",
      allowedJwksHosts: [host],
    },
  });
  for (const { secret } of await bench.admin.clients.find({ realm }))
    if (secret !== undefined) secrets.add(secret);
  return changed;
}

/** What an API finds wrong with an answer that should have a token. */
async function problems(clientId: string, answer: TokenAnswer, permission = "orders:read") {
  const { access_token: token, error } = answer;
  if (token === undefined) return [`no token: ${String(error)} ${answer.error_description ?? ""}`];
  const { iss = "" } = decodeJwt(token);
  const expected = { audiences: ["orders"], permissions: [permission] };
  const verified = { issuer: iss, clientId, ...expected };
  expect([bench.issuer, secureIssuer]).toContain(iss);
  return tokenProblems(token, verified, realmKeys(bench.issuer));
}

const client = async (id: string) => {
  const found = await findClient(bench.admin, realm, id);
  return { ...found, id: found?.id ?? "" };
};
const secretOf = async (id: string) => (await client(id)).secret ?? "";
const thumbprint = async (name: keyof typeof keys) =>
  calculateJwkThumbprint(await keys[name].jwk());
const withAssertion = async (id: string, key: keyof typeof keys, kid?: string) =>
  askForToken(bench.issuer, { assertion: await keys[key].assertion(id, bench.issuer, kid) });

test("a deploy changes nothing the second time", async () => {
  expect(await bench.plan()).toEqual([]);
});

describe("a customer with a private key", () => {
  test.each(["rs256", "ps256", "es256", "eddsa"] as const)("gets a token: %s", async (id) => {
    const kid = { rs256: "rs", es256: "es", eddsa: "ed", ps256: await thumbprint("ps256") }[id];
    expect(await problems(id, await withAssertion(id, id, kid))).toEqual([]);
  });

  test("gets a token with a key that it serves itself", async () => {
    expect(await problems("hosted", await withAssertion("hosted", "hosted", "hosted"))).toEqual([]);
  });

  test("cannot use an assertion twice", async () => {
    const assertion = await keys.rs256.assertion("rs256", bench.issuer, "rs");
    expect(await askForToken(bench.issuer, { assertion })).toHaveProperty("access_token");
    expect(await askForToken(bench.issuer, { assertion })).not.toHaveProperty("access_token");
  });

  test("gets none with another algorithm, another's key, or a secret", async () => {
    const [secret, kid] = [await secretOf("rs256"), await thumbprint("ps256")];
    const answers = [
      await withAssertion("rs256", "hosted", "rs"),
      await withAssertion("es256", "rs256", "rs"),
      await askForToken(bench.issuer, {
        assertion: await new SigningKey("RS256").assertion("ps256", bench.issuer, kid),
      }),
      await askForToken(bench.issuer, { clientId: "rs256", secret }),
    ];
    for (const answer of answers) expect(answer).not.toHaveProperty("access_token");
  });
});

describe("a customer with the token of another issuer", () => {
  const claimsFor = (claims: object = {}) => ({ sub: subject, aud: bench.issuer, ...claims });
  const ask = async (claims?: object) =>
    askForToken(bench.issuer, { assertion: await ci.sign(claimsFor(claims)) });

  test("gets a token", async () => {
    expect(await problems("federated", await ask())).toEqual([]);
  });

  test.each([
    ["another subject", { sub: "repo:acme/orders:environment:staging" }],
    ["another audience", { aud: "https://login.example.com/realms/other" }],
    ["another issuer", { iss: "https://issuer.example" }],
    ["a token that has expired", { exp: Math.floor(Date.now() / 1_000) - 120 }],
  ])("gets none with %s", async (_, claims) => {
    expect(await ask(claims)).not.toHaveProperty("access_token");
  });

  test("gets none with a token that the issuer did not sign", async () => {
    const claims = claimsFor({ iss: ci.url });
    const assertion = await keys.hosted.sign(claims, { kid: "1" });
    expect(await askForToken(bench.issuer, { assertion })).not.toHaveProperty("access_token");
  });

  test("cannot use a token twice", async () => {
    const claims = { jti: "once" };
    expect(await ask(claims)).toHaveProperty("access_token");
    expect(await ask(claims)).not.toHaveProperty("access_token");
  });
});

describe("a customer with a certificate", () => {
  const ask = (certificate: Certificate) =>
    askWithCertificate(secureIssuer, "certified", authority.certificate, certificate);

  test("gets a token that is bound to it", async () => {
    const answer = await ask(certificates.globex);
    expect(await problems("certified", answer)).toEqual([]);
    const pem = readFileSync(certificates.globex.certificate, "utf8");
    const der = Buffer.from(pem.replaceAll(/-----.*-----/g, ""), "base64");
    expect(decodeJwt(answer.access_token ?? "").cnf).toEqual({
      "x5t#S256": createHash("sha256").update(der).digest("base64url"),
    });
  });

  test("gets none with the certificate of somebody else", async () => {
    expect(await ask(certificates.initech)).not.toHaveProperty("access_token");
  });
});

describe("a customer whose tokens are bound to a key", () => {
  const proof = () => keys.dpop.dpopProof("POST", tokenEndpoint(bench.issuer));
  const credentials = {
    bound: async () => ({ clientId: "bound", secret: await secretOf("bound") }),
    "bound-key": async () => ({
      assertion: await keys.rs256.assertion("bound-key", bench.issuer, "rs"),
    }),
  };

  test.each(["bound", "bound-key"] as const)("gets one with a proof only: %s", async (id) => {
    const answer = await askForToken(bench.issuer, {
      ...(await credentials[id]()),
      dpop: await proof(),
    });
    expect(await problems(id, answer)).toEqual([]);
    expect(answer.token_type).toBe("DPoP");
    const bound = { cnf: { jkt: await thumbprint("dpop") } };
    expect(decodeJwt(answer.access_token ?? "")).toMatchObject(bound);
    const without = await askForToken(bench.issuer, await credentials[id]());
    expect(without).not.toHaveProperty("access_token");
  });
});

test("a customer has tokens of its own lifespan", async () => {
  const secret = await secretOf("brief");
  const answer = await askForToken(bench.issuer, { clientId: "brief", secret });
  const { exp = 0, iat = 0 } = decodeJwt(answer.access_token ?? "");
  expect(exp - iat).toBe(60);
});

test("a customer gets no token after its last day", async () => {
  const secret = await secretOf("expired");
  expect(await askForToken(bench.issuer, { clientId: "expired", secret })).not.toHaveProperty(
    "access_token",
  );
});

describe("the page for developers describes the error of", () => {
  const [, table = ""] = readFileSync("docs/for-customers.md", "utf8").split("\n## Errors\n");
  /** What the page's table advises for an answer. */
  const advice = ({ error = "", error_description: description = "" }: TokenAnswer) =>
    table.split("\n").flatMap((row) => {
      const [, code = "", descriptions = "", whatToDo = ""] = row.split("|");
      const texts = [...descriptions.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
      const isAbout =
        code.includes(`\`${error}\``) && texts.some((text) => description.endsWith(text));
      return isAbout ? [whatToDo] : [];
    });
  const signed = async (claims: object, kid = "rs") => {
    const common = { iss: "rs256", sub: "rs256", aud: bench.issuer };
    const assertion = await keys.rs256.sign({ ...common, ...claims }, { kid });
    return askForToken(bench.issuer, { assertion });
  };
  const withSecret = async (clientId: string, secret: string) =>
    askForToken(bench.issuer, { clientId, secret });

  test.each([
    ["an unknown client", "check the client id", async () => withSecret("nobody", "wrong")],
    [
      "a customer after its last day",
      "your access has ended",
      async () => withSecret("expired", await secretOf("expired")),
    ],
    ["a wrong secret", "the secret is wrong", async () => withSecret("brief", "wrong")],
    [
      "a secret instead of an assertion",
      "your method is not",
      async () => withSecret("rs256", await secretOf("rs256")),
    ],
    [
      "a wrong certificate",
      "check the certificate",
      async () =>
        askWithCertificate(secureIssuer, "certified", authority.certificate, certificates.initech),
    ],
    ["an unknown key id", "no key with this", async () => signed({}, "unknown")],
    [
      "another key",
      "you sign with another key",
      async () => withAssertion("rs256", "hosted", "rs"),
    ],
    ["another audience", "set `aud`", async () => signed({ aud: "https://login.example.com" })],
    [
      "an old assertion",
      "has expired",
      async () => signed({ exp: Math.floor(Date.now() / 1_000) - 120 }),
    ],
    [
      "an assertion that is used twice",
      "for each request",
      async () => {
        const claims = { jti: "again" };
        expect(await signed(claims)).toHaveProperty("access_token");
        return signed(claims);
      },
    ],
    ["a missing proof", "send a proof", async () => withSecret("bound", await secretOf("bound"))],
  ])("%s", async (_, expected, ask) => {
    expect(advice(await ask())).toEqual([expect.stringContaining(expected)]);
  });
});

describe("Keycloak itself", () => {
  test("refuses a permission to a client whose method somebody changed by hand", async () => {
    const write = () => withAssertion("writer", "rs256", "rs");
    expect(await problems("writer", await write(), "orders:write")).toEqual([]);
    const { id } = await client("writer");
    await bench.admin.clients.update(
      { realm, id },
      { clientId: "writer", clientAuthenticatorType: "client-secret" },
    );
    const credentials = { clientId: "writer", secret: await secretOf("writer") };
    expect(await askForToken(bench.issuer, credentials)).toEqual({
      error: "invalid_request",
      error_description: "Configured client authentication method not allowed for client",
    });
    expect(await bench.apply()).toEqual([expect.stringContaining("writer")]);
    expect(await problems("writer", await write(), "orders:write")).toEqual([]);
  });

  test("refuses to fetch keys from a host that is not allowed, and nothing else", async () => {
    const { id } = await client("hosted");
    const withUrl = (url: string) =>
      bench.admin.clients.update(
        { realm, id },
        { clientId: "hosted", attributes: { "jwks.url": url } },
      );
    await expect(withUrl("https://169.254.169.254/latest")).rejects.toThrow(
      "invalid_client_metadata",
    );
    await withUrl(`https://${host}/other`);
    const acme = await client("acme");
    await bench.admin.clients.update({ realm, id: acme.id }, { clientId: "acme", name: "Acme" });
    expect(await bench.apply()).toHaveLength(2);
  });
});

test("another key and another method are changes in place, and no old key or secret works again", async () => {
  const before = await client("acme");
  const old = { clientId: "acme", secret: before.secret ?? "" };
  expect(before.secret).toMatch(/^atlas_test_[0-9a-f]{64}$/);
  expect(await problems("acme", await askForToken(bench.issuer, old))).toEqual([]);
  const [oldKid, newKid] = [await thumbprint("old"), await thumbprint("new")];
  for (const [key, kid] of [["old", oldKid] as const, ["new", newKid] as const])
    expect(await problems("rotating", await withAssertion("rotating", key, kid))).toEqual([]);

  const acme = { method: "private_key_jwt", publicKey: join(keyFolder, "new.pem") } as const;
  expect(await deploy({ acme, rotatingKeys: ["new"] })).toEqual([
    expect.stringMatching(/^update keycloak_openid_client\.acme/),
    expect.stringMatching(/^update keycloak_openid_client\.rotating/),
  ]);
  expect(await withAssertion("rotating", "old", oldKid)).not.toHaveProperty("access_token");
  expect(await problems("rotating", await withAssertion("rotating", "new", newKid))).toEqual([]);
  expect(await problems("acme", await withAssertion("acme", "new", newKid))).toEqual([]);
  expect(await askForToken(bench.issuer, old)).not.toHaveProperty("access_token");

  expect(await deploy({ rotatingKeys: ["new"] })).toHaveLength(1);
  const after = await client("acme");
  expect(after.id).toBe(before.id);
  expect(await withAssertion("acme", "new", newKid)).not.toHaveProperty("access_token");
  expect(await askForToken(bench.issuer, old)).not.toHaveProperty("access_token");
  const current = { clientId: "acme", secret: after.secret ?? "" };
  expect(await problems("acme", await askForToken(bench.issuer, current))).toEqual([]);
  expect(await bench.plan()).toEqual([]);
});

test("no file and no output has a secret", async () => {
  const texts = [...(await filesBelow(bench.folder)), ...bench.outputs];
  expect(secrets.size).toBeGreaterThan(14);
  expect([...secrets].filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
});
