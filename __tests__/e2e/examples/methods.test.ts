import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { PublicJwk } from "../../../constructs/authentication/authentication.ts";
import { TrustedIssuer } from "../../../constructs/authentication/trusted-issuer.ts";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../constructs/customer-client.ts";
import { startBackend } from "../../../local/demo/backend.ts";
import type { DemoProcess } from "../../../local/demo/process.ts";
import { deployedClient } from "../../../operations/keycloak/customers/customer-clients.ts";
import { issuerOf, tokenEndpoint } from "../../../operations/keycloak/token.ts";
import { freePort } from "../../../system/ports.ts";
import { Authority, type Certificate } from "../support/servers/certificates.ts";
import { endToEnd } from "../support/end-to-end.ts";
import { SigningKey } from "../support/servers/signing-key.ts";
import { TokenIssuer } from "../support/servers/token-issuer.ts";
import { askForToken, askWithCertificate } from "../support/servers/token-requests.ts";
import { type Customers, Workbench } from "../support/projects/workbench.ts";
import { Gateway } from "./support/gateway.ts";
import { clients, preparePython, run } from "./support/third-party-clients.ts";

const { root } = endToEnd();
const realm = "methods";
const minute = 60_000;
const authority = new Authority(root.authorityFolder);
const algorithms = ["RS256", "PS256", "ES256", "EdDSA"] as const;
const keys = {
  RS256: new SigningKey("RS256"),
  PS256: new SigningKey("PS256"),
  ES256: new SigningKey("ES256"),
  EdDSA: new SigningKey("EdDSA"),
};
const proofKey = new SigningKey("ES256");

let bench: Workbench;
let backend: DemoProcess;
let api: Gateway;
let ci: TokenIssuer;
let own: Certificate;
let another: Certificate;
/** The address at which customers without a certificate ask for tokens. */
let plainIssuer: string;
/** The `iss` of all tokens. */
const issuer = issuerOf(root.tlsUrl, realm);

/** A customer per method and algorithm. The names of those with a key are their algorithms. */
async function customers(): Promise<Customers> {
  const common = { name: "Acme", contact: "api@acme.example", access: { orders: ["orders:read"] } };
  const withKeys = await Promise.all(
    algorithms.map(async (algorithm) => {
      const jwk = (await keys[algorithm].jwk("key")) as unknown as PublicJwk;
      const jwks = [{ ...jwk, alg: algorithm, use: "sig" }] as const;
      return [algorithm, { ...common, auth: { method: "private_key_jwt", jwks } }] as const;
    }),
  );
  return {
    ...Object.fromEntries(withKeys),
    secret: common,
    bound: { ...common, tokenBinding: "dpop" },
    certified: { ...common, auth: { method: "tls_client_auth", subjectDn: "CN=own,O=Globex" } },
    federated: { ...common, auth: { method: "federated_jwt", issuer: "ci", subject: "job" } },
  };
}

beforeAll(async () => {
  await preparePython();
  own = await authority.issue("own", "/O=Globex/CN=own");
  another = await authority.issue("another", "/O=Globex/CN=another");
  ci = await TokenIssuer.create();
  ci.subject = "job";
  bench = await Workbench.create(root, "embedded", realm);
  plainIssuer = bench.issuer;
  const declared = await customers();
  await bench.deploy((stack) => {
    new BackendClient(stack, "orders", { permissions: ["orders:read"] });
    new TrustedIssuer(stack, "ci", { issuer: ci.url, jwksUrl: `${ci.url}/keys` });
    for (const [id, props] of Object.entries(declared)) new CustomerClient(stack, id, props);
  });
  // otherwise tokens would name the address at which they were requested
  await bench.admin.realms.update({ realm }, { attributes: { frontendUrl: root.tlsUrl } });
  const port = await freePort();
  api = await Gateway.open(
    `http://127.0.0.1:${port}`,
    await authority.issue("api", "/CN=localhost"),
  );
  backend = await startBackend(
    {
      ...{
        port,
        url: api.url,
        issuer,
        audience: "orders",
        frontendOrigin: "http://localhost:5173",
      },
      ...{ dataFolder: join(bench.folder, "data"), rateLimit: "100000 per minute" },
      certificateHeader: "X-Client-Certificate",
      variables: {
        ...process.env,
        SSL_CERT_FILE: authority.certificate,
      },
    },
    () => undefined,
  );
}, 5 * minute);
afterAll(async () => {
  await backend.stop();
  await api.close();
  await ci.stop();
  await bench.clear();
});

/** The status with which the API answers to a call. */
function call(headers: Record<string, string>, certificate?: Certificate): Promise<number> {
  const [ca, cert, key] = [authority.certificate, certificate?.certificate, certificate?.key].map(
    (file) => file && readFileSync(file),
  );
  return new Promise((resolve, reject) => {
    request(`${api.url}/orders`, { headers, ca, cert, key, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

const bearer = (token = "none") => ({ authorization: `Bearer ${token}` });
const secretOf = async (id: string) => (await deployedClient(bench.admin, realm, id))?.secret ?? "";
const jobToken = () => ci.sign({ aud: issuer });

describe("the API, called with a token that a customer got with", () => {
  test.each(algorithms)("a key of the algorithm %s", async (algorithm) => {
    const assertion = await keys[algorithm].assertion(algorithm, issuer, "key");
    const { access_token: token } = await askForToken(plainIssuer, { assertion });
    expect(await call(bearer(token))).toBe(200);
  });

  test("a secret", async () => {
    const credentials = { clientId: "secret", secret: await secretOf("secret") };
    const { access_token: token } = await askForToken(plainIssuer, credentials);
    expect(await call(bearer(token))).toBe(200);
  });

  test("another issuer's token", async () => {
    const { access_token: token } = await askForToken(plainIssuer, { assertion: await jobToken() });
    expect(await call(bearer(token))).toBe(200);
  });

  test("a certificate, accepts it with that certificate only", async () => {
    const { access_token: token } = await askWithCertificate(
      issuer,
      "certified",
      authority.certificate,
      own,
    );
    expect(await call(bearer(token), own)).toBe(200);
    expect(await call(bearer(token), another)).toBe(401);
    expect(await call(bearer(token))).toBe(401);
  });

  test("a proof, accepts it with a proof of the same key only", async () => {
    const { access_token: token = "" } = await askForToken(plainIssuer, {
      ...{ clientId: "bound", secret: await secretOf("bound") },
      dpop: await proofKey.dpopProof("POST", tokenEndpoint(plainIssuer)),
    });
    const proven = async (key: SigningKey) =>
      call({
        authorization: `DPoP ${token}`,
        dpop: await key.dpopProof("GET", `${api.url}/orders`, token),
      });
    expect(await proven(proofKey)).toBe(200);
    expect(await proven(keys.ES256)).toBe(401);
    expect(await call(bearer(token))).toBe(401);
  });
});

describe.each(clients)("a customer's app in %s", (client) => {
  const settings = () => ({
    ...{ TOKEN_URL: tokenEndpoint(issuer), CLIENT_SECRET: "", API_URL: api.url },
    // the apps trust the machine's authorities
    ...authority.trustVariables,
  });

  test("calls the API with a certificate, and reports that another one is not the customer's", async () => {
    const withCertificate = ({ certificate, key }: Certificate) =>
      run(client, ["list"], {
        ...settings(),
        ...{ CLIENT_ID: "certified", AUTH_METHOD: "tls_client_auth" },
        ...{ CERTIFICATE_FILE: certificate, PRIVATE_KEY_FILE: key },
      });
    expect(await withCertificate(own)).toMatchObject({ exitCode: 0, stderr: "" });
    const { exitCode, stderr } = await withCertificate(another);
    expect(stderr).toMatch(/^orders: Keycloak refuses CERTIFICATE_FILE for "certified"/);
    expect(exitCode).toBe(1);
  });

  test("calls the API with the token of another issuer", async () => {
    const TOKEN_FILE = join(bench.folder, `${client}.jwt`);
    await writeFile(TOKEN_FILE, await jobToken());
    expect(
      await run(client, ["list"], {
        ...settings(),
        ...{ CLIENT_ID: "federated", AUTH_METHOD: "federated_jwt", TOKEN_FILE },
      }),
    ).toMatchObject({ exitCode: 0, stderr: "" });
  });
});
