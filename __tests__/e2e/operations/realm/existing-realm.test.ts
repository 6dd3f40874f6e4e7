import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { BackendClient } from "../../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../../constructs/customer-client.ts";
import { FrontendClient } from "../../../../constructs/frontend-client.ts";
import type { RealmStack } from "../../../../constructs/realm-stack.ts";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import { customerProblems } from "../../../../operations/keycloak/customers/customer-clients.ts";
import { requestToken } from "../../../../operations/keycloak/token.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import {
  createLivedInRealm,
  exportRealm,
  ownScopes,
} from "../../support/projects/lived-in-realm.ts";
import { Workbench } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const access = { "orders-api": ["orders:read"] };
const acme = { name: "Acme", contact: "api@acme.example", access };
const globex = { ...acme, name: "Globex", access: { "orders-api": [] } };
const added = ["deployer", "orders-api", "shop", "acme", "globex"];
const addedScopes = ["orders-api-audience", "orders:read"];

/** Declares an API, a frontend and customers. */
const declare = (customers: Readonly<Record<string, typeof acme>>) => (stack: RealmStack) => {
  new BackendClient(stack, "orders-api", { permissions: ["orders:read"] });
  new FrontendClient(stack, "shop", { redirectUris: ["https://app.example.com/"], access });
  for (const [id, customer] of Object.entries(customers)) new CustomerClient(stack, id, customer);
};

describe.each(onProviders())("an existing realm, on the %s provider,", (provider) => {
  const realm = "lived-in";
  const existing = { existing: true } as const;
  let bench: Workbench;
  let before: unknown;

  const exported = () => exportRealm(bench.admin, realm, [...added, ...addedScopes]);

  beforeAll(async () => {
    bench = await Workbench.create(root, provider, realm);
    await createLivedInRealm(bench.admin, realm);
    before = await exported();
    await bench.deployAsDeployer();
    await bench.deploy(declare({ acme, globex }), existing);
  });
  afterAll(() => bench.clear());

  const scopesOf = async (clientId: string) => {
    const client = await findClient(bench.admin, realm, clientId);
    const { defaultClientScopes = [], optionalClientScopes = [] } = client ?? {};
    return { default: [...defaultClientScopes].sort(), optional: optionalClientScopes };
  };

  const tokenOf = async (clientId: string, scope?: string) => {
    const client = await findClient(bench.admin, realm, clientId);
    const request = { issuer: bench.issuer, clientId, clientSecret: client?.secret ?? "" };
    return requestToken({ ...request, ...(scope !== undefined && { scope }) });
  };

  test("gives each client exactly its scopes, and none that the realm hands out", async () => {
    const audience = "orders-api-audience";
    expect(await scopesOf("acme")).toEqual({
      default: ["basic", audience, "orders:read", "service_account"],
      optional: [],
    });
    expect(await scopesOf("shop")).toEqual({
      default: ["acr", "basic", "email", audience, "orders:read", "profile", "web-origins"],
      optional: [],
    });
    expect(await scopesOf("orders-api")).toEqual({ default: [], optional: [] });
  });

  test("gives customers tokens with exactly their audiences and permissions", async () => {
    for (const [id, props] of Object.entries({ acme, globex }))
      expect(
        await customerProblems(bench.admin, realm, bench.issuer, id, { ...props, enabled: true }),
      ).toEqual([]);
    const answer = await tokenOf("acme");
    const claims = "token" in answer ? decodeJwt(answer.token) : answer;
    expect(claims).toHaveProperty("aud", "orders-api");
    expect(claims).not.toHaveProperty(ownScopes.default);
  });

  test.each([ownScopes.default, ownScopes.optional, "email", "offline_access"])(
    "lets no customer ask for the scope %s of the realm",
    async (scope) => {
      const invalid = { error: "invalid_scope" };
      expect(await tokenOf("legacy", scope)).not.toEqual(invalid);
      expect(await tokenOf("acme", scope)).toEqual(invalid);
    },
  );

  test("is as it was, except for what is declared", async () => {
    expect(await exported()).toEqual(before);
  });

  test("needs no second plan", async () => {
    expect(await bench.plan()).toEqual([]);
  });

  test("gets back no scope when a client is changed", async () => {
    const changes = await bench.deploy(
      declare({ acme: { ...acme, name: "Acme Inc." }, globex }),
      existing,
    );
    expect(changes).toHaveLength(1);
    expect(await bench.plan()).toEqual([]);
  });

  test("keeps everything when a customer is removed, also what was added in the console since", async () => {
    await bench.admin.clients.create({ realm, clientId: "by-hand", secret: "a-secret-by-hand" });
    const known = await exported();
    const changes = await bench.deploy(declare({ globex }), existing);
    expect(changes).toEqual([
      expect.stringMatching(/^delete keycloak_openid_client\.acme/),
      expect.stringMatching(/^delete keycloak_openid_client_default_scopes\.acme/),
      expect.stringMatching(/^delete keycloak_openid_client_optional_scopes\.acme/),
    ]);
    expect(await findClient(bench.admin, realm, "acme")).toBeUndefined();
    expect(await exported()).toEqual(known);
    expect(await scopesOf("globex")).toHaveProperty("optional", []);
  });
});

describe.each(onProviders())("a managed realm, on the %s provider,", (provider) => {
  test("stays as it is when it is declared as an existing one", async () => {
    const bench = await Workbench.create(root, provider, "managed-before");
    const settings = async () => {
      const { admin, realm } = bench;
      return [await admin.realms.findOne({ realm }), await admin.realms.getConfigEvents({ realm })];
    };
    try {
      await bench.deploy(declare({ acme }));
      const before = await settings();
      await bench.deployAsDeployer();
      const changes = await bench.deploy(declare({ acme }), { existing: true });
      expect(changes.filter((change) => change.startsWith("forget"))).toEqual([
        "forget keycloak_realm.realm",
        "forget keycloak_realm_default_client_scopes.default-scopes",
        "forget keycloak_realm_events.events",
        "forget keycloak_realm_optional_client_scopes.optional-scopes",
      ]);
      expect(changes.filter((change) => change.startsWith("delete"))).toEqual([]);
      expect(await settings()).toEqual(before);
      expect(await bench.plan()).toEqual([]);
    } finally {
      await bench.clear();
    }
  });
});
