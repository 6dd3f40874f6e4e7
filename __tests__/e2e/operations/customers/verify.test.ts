import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import { exportJWK, generateKeyPair } from "jose";
import { stringify } from "yaml";
import {
  adminClient,
  type Login,
  loginVariables,
} from "../../../../operations/keycloak/login/admin.ts";
import { customerProblems } from "../../../../operations/keycloak/customers/customer-clients.ts";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import { issuerOf } from "../../../../operations/keycloak/token.ts";
import { ensureReader } from "../../../../operations/keycloak/deployer/deployer.ts";
import type { StackContent } from "../../../../operations/terraform/synthesis/stack-json.ts";
import { synthesize } from "../../../../operations/terraform/synthesis/synthesize.ts";
import { differenceText } from "../../../../operations/verify/difference.ts";
import { differencesOf } from "../../../../operations/verify/verified.ts";
import { verify } from "../../../../operations/verify/verify.ts";
import { Clone } from "../../support/projects/clone.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { administrator, variablesFor } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "verified";

let clone: Clone;
let admin: KcAdminClient;
let readerLogin: Login;
let reader: KcAdminClient;
let stack: StackContent;

/** A customer of each method, with every field that verify compares. */
async function customersFile(): Promise<string> {
  const { publicKey } = await generateKeyPair("ES256");
  const key = { ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256", use: "sig" };
  const contact = "api@example.com";
  const access = { "atlas-api": ["orders:read"] };
  const customers = {
    acme: { name: "Acme", contact, access: { "atlas-api": ["orders:read", "orders:write"] } },
    globex: {
      ...{ name: "Globex", contact, access, tokenLifespan: "60s", expires: "2099-12-31" },
      auth: { method: "private_key_jwt", jwks: { keys: [key] } },
    },
    hooli: { name: "Hooli", contact, access: { "atlas-api": [] }, tokenBinding: "dpop" },
    initech: { ...{ name: "Initech", contact }, access, enabled: false },
    stark: {
      ...{ name: "Stark", contact, access },
      auth: { method: "federated_jwt", issuer: "github", subject: "repo:stark/api" },
    },
    umbrella: {
      ...{ name: "Umbrella", contact, access },
      auth: { method: "tls_client_auth", subjectDn: "CN=umbrella" },
    },
    wayne: { ...{ name: "Wayne", contact, access }, rotation: 2 },
  };
  return stringify({ customers }, { aliasDuplicateObjects: false });
}

/** A `main.ts` that trusts GitHub too. */
function trustGithub(main: string): string {
  const imported = 'from "./constructs/authentication/trusted-issuer.ts";';
  return `import { githubActions, TrustedIssuer } ${imported}\n${main}`.replace(
    "const customers",
    'new TrustedIssuer(atlas, "github", githubActions);\nconst customers',
  );
}

/** The login of the reader, which may view clients and the realm, and no user and no issuer. */
async function loginOfReader(): Promise<Login> {
  const { clientSecret } = await ensureReader(admin, realm);
  return { baseUrl: root.url, realm, clientId: "deployer-reader", clientSecret };
}

async function idOf(clientId: string): Promise<string> {
  return (await findClient(admin, realm, clientId))?.id ?? "";
}

async function scopeId(name: string): Promise<string> {
  return (await admin.clientScopes.findOneByName({ realm, name }))?.id ?? "";
}

/** The differences that a login finds, a line for each. */
async function found(as: KcAdminClient): Promise<string[]> {
  const verification = await verify({ admin: as, baseUrl: root.url, stack });
  return differencesOf(verification).map(differenceText);
}

beforeAll(async () => {
  const login = administrator(root);
  admin = await adminClient(login);
  clone = await Clone.create("embedded", variablesFor(root, login));
  await clone.useRealm(realm);
  await writeFile(join(clone.folder, "customers.yaml"), await customersFile());
  await clone.edit("main.ts", trustGithub);
  const { exitCode, output } = await clone.npm("deploy", ["--auto-approve"]);
  if (exitCode !== 0) throw new Error(output);
  readerLogin = await loginOfReader();
  reader = await adminClient(readerLogin);
  const variables = { ...process.env, KEYCLOAK_URL: root.url };
  const folder = join(clone.temporaryFolder, "stack");
  stack = await synthesize(folder, variables, { folder: clone.folder });
});
afterAll(async () => {
  await admin.realms.del({ realm });
  await clone.remove();
});

test("finds nothing if Keycloak is as declared, and lists what the login may not view", async () => {
  const { exitCode, output } = await clone.npm("verify");
  expect(output).toBe("Keycloak is as declared: 7 customers, 1 API, 1 frontend verified");
  expect(exitCode).toBe(0);
  expect(await found(reader)).toEqual([]);
  const { unchecked } = await verify({ admin: reader, baseUrl: root.url, stack });
  expect(unchecked).toEqual([
    "trusted issuers (needs view-identity-providers)",
    "roles of service accounts and example tokens (needs view-users)",
  ]);
});

/** Undoes a difference. */
type Undo = () => Promise<unknown>;

/** Changes settings of a client by hand. Attributes are merged; an empty text removes one. */
async function change(clientId: string, settings: ClientRepresentation): Promise<Undo> {
  const id = await idOf(clientId);
  const before = await admin.clients.findOne({ realm, id });
  const removed = Object.fromEntries(
    Object.keys(settings.attributes ?? {}).map((key) => [key, before?.attributes?.[key] ?? ""]),
  ) as Record<string, unknown>;
  await admin.clients.update({ realm, id }, { ...before, ...settings });
  return () =>
    admin.clients.update(
      { realm, id },
      { ...before, attributes: { ...before?.attributes, ...removed } },
    );
}

/** Changes settings of the trusted issuer by hand. */
async function changeIssuer(settings: Readonly<Record<string, string>>): Promise<Undo> {
  const alias = "github";
  const before = await admin.identityProviders.findOne({ realm, alias });
  const config = { ...(before?.config as object), ...settings };
  await admin.identityProviders.update({ realm, alias }, { ...before, config });
  return () => admin.identityProviders.update({ realm, alias }, { ...before });
}

/** A difference that somebody makes by hand, and the lines that a verification prints. */
interface ByHand {
  readonly name: string;
  readonly make: () => Promise<Undo>;
  readonly lines: readonly unknown[];
  /** Whether a login that may only view clients and the realm does not find it. */
  readonly needsMore?: true;
}

const differences: readonly ByHand[] = [
  {
    name: "full scope",
    make: () => change("acme", { fullScopeAllowed: true }),
    lines: ["acme: fullScopeAllowed is true and should be false; run npm run deploy"],
  },
  {
    name: "direct access grants",
    make: () => change("acme", { directAccessGrantsEnabled: true }),
    lines: ["acme: directAccessGrantsEnabled is true and should be false; run npm run deploy"],
  },
  {
    name: "a redirect URI",
    make: () => change("acme", { redirectUris: ["https://eve.example/"] }),
    lines: [
      'acme: has the redirect URI "https://eve.example/", which nobody declared; remove it in Keycloak',
    ],
  },
  {
    name: "an additional default scope",
    make: async () => {
      const link = { realm, id: await idOf("acme"), clientScopeId: await scopeId("profile") };
      await admin.clients.addDefaultClientScope(link);
      return () => admin.clients.delDefaultClientScope(link);
    },
    lines: ['acme: has the default scope "profile", which nobody declared; run npm run deploy'],
  },
  {
    name: "a permission that was removed",
    make: async () => {
      const link = { realm, id: await idOf("acme"), clientScopeId: await scopeId("orders:write") };
      await admin.clients.delDefaultClientScope(link);
      return () => admin.clients.addDefaultClientScope(link);
    },
    lines: ['acme: lacks the default scope "orders:write"; run npm run deploy'],
  },
  {
    name: "a mapper of a client with a claim of its own",
    make: async () => {
      const id = await idOf("acme");
      const mapper = {
        ...{ name: "tenant", protocol: "openid-connect" },
        protocolMapper: "oidc-hardcoded-claim-mapper",
        config: { "claim.name": "tenant", "claim.value": "x", "access.token.claim": "true" },
      };
      await admin.clients.addProtocolMapper({ realm, id }, mapper);
      const added = await admin.clients.findProtocolMapperByName({ realm, id, name: "tenant" });
      return () => admin.clients.delProtocolMapper({ realm, id, mapperId: added?.id ?? "" });
    },
    lines: [
      'acme: has the mapper "tenant" (oidc-hardcoded-claim-mapper) of its own, which nobody declared; remove it in Keycloak',
    ],
  },
  {
    name: "a changed mapper of a shared client scope",
    make: async () => {
      const id = await scopeId("atlas-api-audience");
      const [mapper] = await admin.clientScopes.listProtocolMappers({ realm, id });
      const mapperId = mapper?.id ?? "";
      const config = { ...(mapper?.config as object), "included.client.audience": "account" };
      await admin.clientScopes.updateProtocolMapper({ realm, id, mapperId }, { ...mapper, config });
      return () => admin.clientScopes.updateProtocolMapper({ realm, id, mapperId }, { ...mapper });
    },
    lines: [
      'client scope atlas-api-audience: has no mapper (oidc-audience-mapper) that adds only "atlas-api" to aud; run npm run deploy',
    ],
  },
  {
    name: "a role of a service account",
    make: async () => {
      const user = await admin.clients.getServiceAccountUser({ realm, id: await idOf("acme") });
      const role = await admin.roles.findOneByName({ realm, name: "offline_access" });
      const roles = [{ id: role?.id ?? "", name: role?.name ?? "" }];
      const mapping = { realm, id: user.id ?? "", roles };
      await admin.users.addRealmRoleMappings(mapping);
      return () => admin.users.delRealmRoleMappings(mapping);
    },
    lines: [
      'acme: has a service account with the role "offline_access", which nobody declared; remove it in Keycloak',
    ],
    needsMore: true,
  },
  {
    name: "another method",
    make: () => change("globex", { clientAuthenticatorType: "client-secret" }),
    lines: [
      "globex: authenticates with client_secret and should with private_key_jwt; run npm run deploy",
    ],
  },
  {
    name: "another certificate",
    make: () => change("umbrella", { attributes: { "x509.subjectdn": "CN=eve" } }),
    lines: ['umbrella: x509.subjectdn is "CN=eve" and should be "CN=umbrella"; run npm run deploy'],
  },
  {
    name: "another subject of a trusted issuer",
    make: () => change("stark", { attributes: { "jwt.credential.sub": "repo:eve/api" } }),
    lines: [
      'stark: jwt.credential.sub is "repo:eve/api" and should be "repo:stark/api"; run npm run deploy',
    ],
  },
  {
    name: "a trusted issuer whose tokens work more than once",
    make: () => changeIssuer({ supportsClientAssertionReuse: "true" }),
    lines: [
      "issuer github: supportsClientAssertionReuse is true and should be false; run npm run deploy as an administrator",
    ],
    needsMore: true,
  },
  {
    name: "other keys of a trusted issuer",
    make: () => changeIssuer({ jwksUrl: "https://eve.example/jwks" }),
    lines: [
      'issuer github: jwksUrl is "https://eve.example/jwks" and should be "https://token.actions.githubusercontent.com/.well-known/jwks"; run npm run deploy as an administrator',
    ],
    needsMore: true,
  },
  {
    name: "a token that is not bound",
    make: () => change("hooli", { attributes: { "dpop.bound.access.tokens": "false" } }),
    lines: ["hooli: dpop.bound.access.tokens is false and should be true; run npm run deploy"],
  },
  {
    name: "another lifespan",
    make: () => change("globex", { attributes: { "access.token.lifespan": "3600" } }),
    lines: ['globex: access.token.lifespan is "3600" and should be "60"; run npm run deploy'],
  },
  {
    name: "a secret that was not rotated as declared",
    make: () => change("wayne", { attributes: { "rotation.done": "1" } }),
    lines: ["wayne: the secret is number 1 and should be number 2; run npm run deploy"],
  },
  {
    name: "a suspended customer that is enabled",
    make: () => change("initech", { enabled: true }),
    lines: ["initech: enabled is true and should be false; run npm run deploy"],
  },
  {
    name: "a disabled customer",
    make: () => change("acme", { enabled: false }),
    lines: ["acme: enabled is false and should be true; run npm run deploy"],
  },
  {
    name: "an undeclared client",
    make: async () => {
      const { id } = await admin.clients.create({ realm, clientId: "eve" });
      return () => admin.clients.del({ realm, id });
    },
    lines: ["client eve: is a client that nobody declared; declare it, or delete it in Keycloak"],
  },
  {
    name: "a disabled API",
    make: () => change("atlas-api", { enabled: false }),
    lines: [
      "API atlas-api: is disabled, so that Keycloak 26.7.5 and later leave it out of every aud; run npm run deploy",
    ],
  },
  {
    name: "another redirect URI of a frontend",
    make: () => change("atlas-frontend", { redirectUris: ["https://eve.example/"] }),
    lines: [
      'frontend atlas-frontend: has the redirect URI "https://eve.example/", which nobody declared; run npm run deploy',
      'frontend atlas-frontend: lacks the redirect URI "http://localhost:5173/"; run npm run deploy',
    ],
  },
  {
    name: "a token that differs although no setting does that verify compares",
    make: async () => {
      await admin.realms.update({ realm }, { clientSessionMaxLifespan: 30 });
      return () => admin.realms.update({ realm }, { clientSessionMaxLifespan: 0 });
    },
    lines: [
      // Keycloak reads its clock twice for a token
      expect.stringMatching(/^globex: its token: lifespan is "3\d" and should be "60"; look at /),
    ],
    needsMore: true,
  },
];

describe("a difference that somebody made by hand", () => {
  test.each(differences)("finds $name", async ({ make, lines, needsMore }) => {
    const undo = await make();
    try {
      expect(await found(admin)).toEqual(lines);
      expect(await found(reader)).toEqual(needsMore ? [] : lines);
    } finally {
      await undo();
    }
  });

  test("leaves nothing behind once all of them are undone", async () => {
    expect(await found(admin)).toEqual([]);
  });
});

test("prints differences as JSON, writes them as JUnit, and exits with status 1", async () => {
  const undo = await change("acme", { fullScopeAllowed: true });
  const file = join(clone.temporaryFolder, "junit.xml");
  const { exitCode, stdout } = await clone.npm("verify", ["--json", "--junit", file], {
    ...loginVariables(readerLogin),
    ...{ KEYCLOAK_USER: "", KEYCLOAK_PASSWORD: "" },
  });
  await undo();
  const difference = {
    ...{ kind: "customer", name: "acme", fix: "run npm run deploy" },
    problem: "fullScopeAllowed is true and should be false",
  };
  expect(JSON.parse(stdout)).toEqual({
    ...{ version: 1, realm, verified: { customers: 7, apis: 1, frontends: 1 } },
    unchecked: [expect.any(String), expect.any(String)],
    differences: [difference],
  });
  expect(exitCode).toBe(1);
  const junit = await readFile(file, "utf8");
  expect(junit).toContain('<testcase classname="customer" name="globex"/>');
  expect(junit).toContain(
    '<failure message="acme: fullScopeAllowed is true and should be false; run npm run deploy">',
  );
});

test("npm start verifies the client of a customer for whose token a secret is not enough", async () => {
  const { globex, hooli } = stack.declaration.customers;
  const issuer = issuerOf(root.url, realm);
  const problemsOf = (id: string, customer = hooli) =>
    customer && customerProblems(reader, realm, issuer, id, customer);
  expect(await problemsOf("globex", globex)).toEqual([]);
  const undo = await change("hooli", { fullScopeAllowed: true });
  expect(await problemsOf("hooli")).toEqual(["fullScopeAllowed is true and should be false"]);
  await undo();
  expect(await problemsOf("hooli")).toEqual([]);
});

test("shows its progress on a terminal", async () => {
  const { output } = await clone.npmOnTerminal("verify", []);
  expect(output).toContain("\rverified 7 of 7 customers");
});

test("exits with status 3 if Keycloak is unreachable", async () => {
  const { exitCode, output } = await clone.npm("verify", [], {
    KEYCLOAK_URL: "http://127.0.0.1:9",
  });
  expect(output).toContain("Keycloak at http://127.0.0.1:9 does not answer");
  expect(exitCode).toBe(3);
});
