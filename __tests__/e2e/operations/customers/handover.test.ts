import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { decodeJwt, exportJWK } from "jose";
import type { Authentication } from "../../../../constructs/authentication/authentication.ts";
import { TrustedIssuer } from "../../../../constructs/authentication/trusted-issuer.ts";
import { BackendClient } from "../../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../../constructs/customer-client.ts";
import type { Customer, RealmDeclaration } from "../../../../constructs/declaration.ts";
import { prepareBackend } from "../../../../local/demo/backend.ts";
import { hasExamples } from "../../../../local/demo/settings.ts";
import { sheet } from "../../../../operations/handover/sheet.ts";
import type { Login } from "../../../../operations/keycloak/login/admin.ts";
import { readCredentials } from "../../../../operations/keycloak/customers/credentials.ts";
import { issuerOf, tokenEndpoint } from "../../../../operations/keycloak/token.ts";
import { checkout } from "../../../../system/folders.ts";
import { Authority } from "../../support/servers/certificates.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { TokenIssuer } from "../../support/servers/token-issuer.ts";
import { deployerOf, Workbench } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "handover";

const pem = { type: "pkcs8", format: "pem" } as const;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed = generateKeyPairSync("ed25519");
const keys = { ES256: ec, EdDSA: ed } as const;
type Algorithm = keyof typeof keys;

async function withKey(alg: Algorithm): Promise<Authentication> {
  const members = (await exportJWK(keys[alg].publicKey)) as Record<string, string> & {
    kty: string;
  };
  return {
    method: "private_key_jwt",
    jwks: [{ ...members, kid: `key of ${alg}`, alg, use: "sig" }],
  };
}

const customer = (more: Partial<Customer> = {}): Customer => ({
  ...{ name: "Acme Corp", contact: "api@acme.example", enabled: true },
  access: { "orders-api": ["orders:read"] },
  ...more,
});

describe("the sheet for a customer", () => {
  let bench: Workbench;
  let issuer: TokenIssuer;
  let declaration: RealmDeclaration;
  let login: Login;
  let variables: NodeJS.ProcessEnv;

  const customers: Record<string, Customer> = {
    secret: customer({ tokenLifespan: 120, expires: "2999-12-31" }),
    "secret-bound": customer({ tokenBinding: "dpop" }),
    ci: customer({ auth: { method: "federated_jwt", issuer: "ci", subject: "job" } }),
    certified: customer({ auth: { method: "tls_client_auth", subjectDn: "CN=handover" } }),
  };

  beforeAll(async () => {
    customers.es256 = customer({ auth: await withKey("ES256") });
    customers["eddsa-bound"] = customer({ auth: await withKey("EdDSA"), tokenBinding: "dpop" });
    issuer = await TokenIssuer.create();
    issuer.subject = "job";
    bench = await Workbench.create(root, "embedded", realm);
    await bench.deploy((stack) => {
      new BackendClient(stack, "orders-api", { permissions: ["orders:read"] });
      new TrustedIssuer(stack, "ci", { issuer: issuer.url, jwksUrl: `${issuer.url}/keys` });
      for (const [id, props] of Object.entries(customers)) new CustomerClient(stack, id, props);
      declaration = stack.declaration;
    });
    login = await deployerOf(root, bench.admin, realm);
    const programs = hasExamples ? [await prepareBackend(process.env)] : [];
    const PATH = [...programs, process.env.PATH].join(delimiter);
    variables = { ...process.env, PATH, DPOP_KEY_FILE: await keyFile("ES256") };
  });
  afterAll(async () => {
    await issuer.stop();
    await bench.clear();
  });

  const keyFile = async (algorithm: Algorithm): Promise<string> => {
    const file = join(bench.folder, `${algorithm}.pem`);
    await writeFile(file, keys[algorithm].privateKey.export(pem), { mode: 0o600 });
    return file;
  };
  const credentialsOf = (id: string, declared = customers[id] ?? customer()) =>
    readCredentials(declaration, id, declared, login);

  /** Runs each token request of a sheet as pasted. @returns the claims of the tokens */
  const claimsOf = async (
    text: string,
    prepared: () => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>,
  ) => {
    // a machine without the examples has no library for Python
    const isRun = (command: string) => hasExamples || !command.includes("import jwt");
    const requests = [...text.matchAll(/^## Get a token.*?\n(?=## )/gms)]
      .map(([section]) => [...section.matchAll(/^```sh\n(.*?)\n```$/gms)].at(-1)?.[1] ?? "")
      .filter(isRun);
    expect(requests).not.toEqual([]);
    const answers = await Promise.all(
      requests.map(async (command) => {
        const env = { ...variables, ...(await prepared()) };
        // with a socket as standard input, bash reads ~/.bashrc, which may change PATH
        return execa("bash", ["-c", command], { cwd: checkout, env, stdin: "ignore" });
      }),
    );
    return answers.map(({ stdout, stderr }) => {
      expect(stderr).toBe("");
      const { access_token: token } = JSON.parse(stdout) as { access_token?: string };
      if (token === undefined) throw new Error(stdout);
      return decodeJwt(token);
    });
  };

  test.each(["secret", "secret-bound"])("%s has commands that get a token", async (id) => {
    const credentials = await credentialsOf(id);
    expect(credentials.secret).toMatch(/^[0-9a-f]{64}$/);
    const all = await claimsOf(sheet(credentials), () => ({ CLIENT_SECRET: credentials.secret }));
    expect(all).toHaveLength(3);
    for (const claims of all)
      expect(claims).toMatchObject({ azp: id, aud: "orders-api", scope: "orders:read" });
  });

  test.each([
    ["es256", "ES256", false],
    ["eddsa-bound", "EdDSA", true],
  ] as const)("%s has commands that get a token", async (id, algorithm, isBound) => {
    const credentials = await credentialsOf(id);
    expect(credentials).not.toHaveProperty("secret");
    const text = sheet(credentials);
    const [, KEY_ID = ""] = /export KEY_ID='(.*)'/.exec(text) ?? [];
    const [, KEY_ALGORITHM = ""] = /export KEY_ALGORITHM=(.*)/.exec(text) ?? [];
    const PRIVATE_KEY_FILE = await keyFile(algorithm);
    const all = await claimsOf(text, () => ({ KEY_ID, KEY_ALGORITHM, PRIVATE_KEY_FILE }));
    expect(new Set(all.map(({ azp }) => azp))).toEqual(new Set([id]));
    expect(new Set(all.map(({ cnf }) => cnf !== undefined))).toEqual(new Set([isBound]));
  });

  test("with a certificate has commands that get a token", async () => {
    const authority = new Authority(root.authorityFolder);
    const { certificate, key } = await authority.issue("handover", "/CN=handover");
    // a server in production has TLS at every address
    const tokenUrl = tokenEndpoint(issuerOf(root.tlsUrl, realm));
    const text = sheet({ ...(await credentialsOf("certified")), tokenUrl });
    const all = await claimsOf(text, () => ({
      ...{ CERTIFICATE_FILE: certificate, PRIVATE_KEY_FILE: key },
      ...authority.trustVariables,
    }));
    expect(all).toHaveLength(3);
    for (const claims of all) expect(claims).toMatchObject({ azp: "certified" });
  });

  test("with another issuer's token has commands that get a token", async () => {
    const credentials = await credentialsOf("ci");
    expect(credentials.trustedIssuer).toBe(issuer.url);
    const all = await claimsOf(sheet(credentials), async () => ({
      ID_TOKEN: await issuer.sign({ aud: credentials.issuer }),
    }));
    expect(all).toHaveLength(3);
    for (const claims of all) expect(claims).toMatchObject({ azp: "ci" });
  });

  test("names the lifespan and the end of access", async () => {
    expect(await credentialsOf("secret")).toMatchObject({
      tokenLifespan: 120,
      accessEnds: "3000-01-01T00:00:00Z",
    });
    expect(await credentialsOf("es256")).toMatchObject({ tokenLifespan: 300 });
  });

  test("is refused before the method that is declared is deployed", async () => {
    await expect(credentialsOf("secret", customers.es256)).rejects.toThrow(
      'the customer "secret" does not authenticate with private_key_jwt in Keycloak yet; deploy first',
    );
  });
});
