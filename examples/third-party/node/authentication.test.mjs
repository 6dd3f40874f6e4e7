import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { calculateJwkThumbprint, EmbeddedJWK, importSPKI, jwtVerify } from "jose";
import { federatedJwt, privateKeyJwt, tlsClientAuth } from "./authentication.mjs";
import { OrdersClient, Refused } from "./orders-client.mjs";
import { serve } from "./stub-servers.mjs";

/** @param {import("node:test").TestContext} context */
function temporaryFolder(context) {
  const folder = mkdtempSync(join(tmpdir(), "orders-"));
  context.after(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/**
 * The header and the claims of a proof that its own key has signed.
 *
 * @param {unknown} proof
 * @returns {Promise<{ protectedHeader: import("jose").JWTHeaderParameters, payload: import("jose").JWTPayload }>}
 */
function verified(proof) {
  return jwtVerify(String(proof), EmbeddedJWK, { typ: "dpop+jwt" });
}

const keys = {
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  PS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  EdDSA: generateKeyPairSync("ed25519"),
};

for (const [algorithm, { publicKey, privateKey }] of Object.entries(keys)) {
  test(`each request for a token has an assertion of its own, signed with ${algorithm}`, async (context) => {
    const keyFile = join(temporaryFolder(context), "key.pem");
    writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
    const { options, forms } = await serve(context, { token: [{ status: 503 }, {}] });
    const { tokenUrl } = options;
    const client = { clientId: "globex", tokenUrl, keyFile, keyId: "one", algorithm };
    await new OrdersClient({ ...options, authentication: privateKeyJwt(client) }).list();
    const ids = await Promise.all(
      forms.map(async (form) => {
        const spki = publicKey.export({ type: "spki", format: "pem" }).toString();
        const expected = { issuer: "globex", subject: "globex", audience: tokenUrl };
        const assertion = form.get("client_assertion") ?? "";
        /** @type {import("jose").JWTVerifyResult} */
        const verified = await jwtVerify(assertion, await importSPKI(spki, algorithm), expected);
        assert.deepEqual(verified.protectedHeader, { alg: algorithm, kid: "one" });
        assert.ok(verified.payload.exp);
        return verified.payload.jti;
      }),
    );
    assert.equal(new Set(ids).size, 2);
  });
}

test("the audience of an assertion is Keycloak's issuer", async (context) => {
  const keyFile = join(temporaryFolder(context), "key.pem");
  writeFileSync(keyFile, keys.ES256.privateKey.export({ type: "pkcs8", format: "pem" }));
  const issuer = "https://login.example.com/realms/atlas";
  const tokenUrl = `${issuer}/protocol/openid-connect/token`;
  const client = { clientId: "globex", tokenUrl, keyFile, keyId: "one", algorithm: "ES256" };
  const { form } = await privateKeyJwt(client).credentials();
  const assertion = form?.client_assertion ?? "";
  await assert.doesNotReject(jwtVerify(assertion, keys.ES256.publicKey, { audience: issuer }));
});

for (const [what, content] of /** @type {const} */ ([
  ["is missing", undefined],
  ["contains no key", "a secret"],
  ["contains a key for another algorithm", "RS256"],
])) {
  test(`a key file that ${what} is refused without its content`, async (context) => {
    const keyFile = join(temporaryFolder(context), "key.pem");
    const other = keys.RS256.privateKey.export({ type: "pkcs8", format: "pem" });
    if (content) writeFileSync(keyFile, content === "RS256" ? other : content);
    const { options, requests } = await serve(context, {});
    const client = { ...options, keyFile, keyId: "one", algorithm: "ES256" };
    const orders = new OrdersClient({ ...options, authentication: privateKeyJwt(client) });
    await assert.rejects(orders.list(), (/** @type {Error} */ error) => {
      assert.ok(error instanceof Refused);
      assert.match(error.message, /^PRIVATE_KEY_FILE cannot be used \([A-Za-z_]+\); check /);
      return true;
    });
    assert.deepEqual(requests, []);
  });
}

test("a token of another issuer is read again for each request", async (context) => {
  const tokenFile = join(temporaryFolder(context), "token");
  writeFileSync(tokenFile, "one\n");
  const { options, forms } = await serve(context, { api: [{ status: 401 }, {}] });
  const authentication = federatedJwt("globex", tokenFile);
  const { credentials } = authentication;
  const renewed = {
    ...authentication,
    credentials: async () => {
      const made = await credentials();
      writeFileSync(tokenFile, "two\n");
      return made;
    },
  };
  await new OrdersClient({ ...options, authentication: renewed }).list();
  assert.deepEqual(
    forms.map((form) => form.get("client_assertion")),
    ["one", "two"],
  );
});

test("a client certificate is sent to Keycloak and to the API", async (context) => {
  const folder = temporaryFolder(context);
  /** @type {(name: string) => { cert: Buffer, key: Buffer }} */
  const certificate = (name) => {
    const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name}`];
    const names = ["-addext", "subjectAltName=DNS:localhost"];
    execFileSync("openssl", [...request, ...names, "-keyout", key, "-out", cert], {
      stdio: "ignore",
    });
    return { cert: readFileSync(cert), key: readFileSync(key) };
  };
  const [server, globex] = [certificate("server"), certificate("globex")];
  const tls = { ...server, ca: globex.cert, requestCert: true, rejectUnauthorized: true };
  const { options, requests, forms } = await serve(context, { tls });
  /** @param {object} [own] */
  const list = (own) => {
    const authentication = tlsClientAuth("globex", { ca: server.cert, ...own });
    return new OrdersClient({ ...options, retrySeconds: 0, authentication }).list();
  };
  await assert.rejects(list());
  await list(globex);
  assert.deepEqual(requests, ["/token", "/orders"]);
  assert.equal(forms[0]?.get("client_id"), "globex");
});

test("every request proves the key of the token, with a new proof for each attempt", async (context) => {
  const body = { access_token: "abc", token_type: "DPoP", expires_in: 300 };
  const { options, received } = await serve(context, {
    token: [{ body }],
    api: [{ status: 503 }, {}],
  });
  await new OrdersClient({ ...options, isBound: true }).list("a");
  const proofs = await Promise.all(received.map(({ dpop }) => verified(dpop)));
  const ath = createHash("sha256").update("abc").digest("base64url");
  assert.deepEqual(
    proofs.map(({ payload }) => [payload.htm, payload.htu, payload.ath]),
    [
      ["POST", options.tokenUrl, undefined],
      ["GET", `${options.apiUrl}/orders`, ath],
      ["GET", `${options.apiUrl}/orders`, ath],
    ],
  );
  assert.equal(new Set(proofs.map(({ payload }) => payload.jti)).size, 3);
  const prints = proofs.map(({ protectedHeader: { jwk } }) => calculateJwkThumbprint(jwk ?? {}));
  assert.equal(new Set(await Promise.all(prints)).size, 1);
  assert.ok(received.slice(1).every(({ authorization }) => authorization === "DPoP abc"));
});

test("a proof has the nonce that a server asks for, and the next proof too", async (context) => {
  const body = { access_token: "abc", token_type: "DPoP", expires_in: 300 };
  const headers = { "DPoP-Nonce": "n1" };
  const challenge = { "DPoP-Nonce": "n2", "WWW-Authenticate": 'DPoP error="use_dpop_nonce"' };
  const { options, received, requests } = await serve(context, {
    token: [{ status: 400, headers, body: { error: "use_dpop_nonce" } }, { body }],
    api: [{ status: 401, headers: challenge }, {}],
  });
  const client = new OrdersClient({ ...options, isBound: true });
  await client.list();
  await client.list();
  assert.deepEqual(requests, ["/token", "/token", "/orders", "/orders", "/orders"]);
  const proofs = received.map(({ dpop }) => verified(dpop));
  assert.deepEqual(
    (await Promise.all(proofs)).map(({ payload }) => payload.nonce),
    [undefined, "n1", "n1", "n2", "n2"],
  );
});

test("a token that is not bound is refused if it has to be", async (context) => {
  const { options, requests } = await serve(context, {});
  await assert.rejects(new OrdersClient({ ...options, isBound: true }).list(), Refused);
  assert.deepEqual(requests, ["/token"]);
});

for (const error of ["invalid_client", "unauthorized_client"]) {
  test(`a refusal names what Keycloak refuses: ${error}`, async (context) => {
    const token = [{ status: 401, body: { error } }];
    const { options } = await serve(context, { token });
    const authentication = tlsClientAuth("globex", {});
    await assert.rejects(new OrdersClient({ ...options, authentication }).list(), {
      message: new RegExp(`^Keycloak refuses CERTIFICATE_FILE for "globex" \\(${error}\\): check `),
    });
  });
}

test("a refusal names the setting for proofs if Keycloak demands one", async (context) => {
  // what Keycloak 26.7 answers without a proof
  const token = [{ status: 400, body: { error: "invalid_request" } }];
  const { client } = await serve(context, { token });
  await assert.rejects(client.list(), { message: /, set TOKEN_BINDING=dpop, / });
});
