import { OpenidClientOptionalScopes } from "@cdktf/provider-keycloak/lib/openid-client-optional-scopes";
import { Realm } from "@cdktf/provider-keycloak/lib/realm";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { BackendClient } from "../../constructs/backend-client.ts";
import { CustomerClient } from "../../constructs/customer-client.ts";
import { FrontendClient } from "../../constructs/frontend-client.ts";
import { RealmStack, type RealmStackProps } from "../../constructs/realm-stack.ts";
import { app, counts, only, resources, synthesized } from "./atlas.ts";

const props = { realm: "atlas", keycloak: { url: "https://login.example.com" } };
let stack: RealmStack;

beforeEach(() => {
  stack = new RealmStack(app(), "atlas", { ...props, existing: true });
  new BackendClient(stack, "orders", { permissions: ["orders:read"] });
  const access = { orders: ["orders:read"] };
  new FrontendClient(stack, "shop", { redirectUris: ["https://app.example.com/"], access });
  new CustomerClient(stack, "acme", { name: "Acme", contact: "api@acme.example", access });
});

/** The lists of client scopes of a construct. */
const listsOf = (construct: string, kind: "default" | "optional") =>
  Object.entries(resources(stack, `openid_client_${kind}_scopes`))
    .filter(([name]) => name.startsWith(`${construct}_`))
    .map(([, values]) => values);

describe("an existing realm", () => {
  test("has no resource of the realm itself", () => {
    expect(counts(stack)).toEqual({
      keycloak_openid_client: 3,
      keycloak_openid_client_scope: 2,
      keycloak_openid_audience_protocol_mapper: 1,
      keycloak_openid_client_default_scopes: 3,
      keycloak_openid_client_optional_scopes: 3,
    });
    expect(JSON.stringify(synthesized(stack).resource)).not.toContain("keycloak_realm");
  });

  test("is named by its resources, and no data source reads it", () => {
    expect(only(stack, "openid_client", { client_id: "acme" }).realm_id).toBe("atlas");
    expect(synthesized(stack)).not.toHaveProperty("data");
  });

  test("is marked in the declaration", () => {
    expect(stack.declaration).toHaveProperty("existing", true);
    expect(new RealmStack(app(), "atlas", props).declaration).not.toHaveProperty("existing");
  });

  test.each(["orders", "shop", "acme"])("takes every optional scope from %s", (client) => {
    expect(listsOf(client, "optional")).toEqual([
      expect.objectContaining({ realm_id: "atlas", optional_scopes: [] }),
    ]);
  });

  test("takes optional scopes from a client before it gets its default ones", () => {
    for (const client of ["orders", "shop", "acme"])
      expect(listsOf(client, "default")).toEqual([
        expect.objectContaining({
          depends_on: [
            expect.stringMatching(`^keycloak_openid_client_optional_scopes\\.${client}_`),
          ],
        }),
      ]);
  });

  test("leaves an API without default scopes", () => {
    expect(listsOf("orders", "default")).toEqual([expect.objectContaining({ default_scopes: [] })]);
  });

  test("is forgotten, not deleted, if the stack has managed it before", () => {
    const authentication = { allowedJwksHosts: [], rotationOverlap: 3600 };
    const managed = synthesized(new RealmStack(app(), "atlas", { ...props, authentication }));
    const addresses = Object.entries(managed.resource).flatMap(([type, all]) =>
      Object.keys(all).map((name) => `${type}.${name}`),
    );
    expect(synthesized(stack)).toHaveProperty(
      "removed",
      expect.arrayContaining(addresses.map((from) => ({ from, lifecycle: { destroy: false } }))),
    );
  });
});

test("a managed realm forgets nothing", () => {
  expect(synthesized(new RealmStack(app(), "atlas", props))).not.toHaveProperty("removed");
});

describe("the synthesis of an existing realm refuses", () => {
  const refused: readonly (readonly [what: string, change: () => void, problem: string])[] = [
    [
      "a resource that manages the realm",
      () => new Realm(stack, "managed", { realm: "atlas" }),
      'atlas/managed  manages the realm itself, although it is declared with "existing: true"',
    ],
    [
      "a customer that keeps the realm's optional scopes",
      () => stack.node.findChild("@acme").node.tryRemoveChild("optional-scopes"),
      "atlas/@acme  the customer may ask for the optional scopes that the existing realm hands out",
    ],
    [
      "a customer with an optional scope",
      () => {
        const list = stack.node.findChild("@acme").node.findChild("optional-scopes");
        if (list instanceof OpenidClientOptionalScopes) list.optionalScopes = ["offline_access"];
      },
      "atlas/@acme/optional-scopes (keycloak_openid_client_optional_scopes) adds to the customer's client",
    ],
  ];

  test.each(refused)("%s", (_, change, problem) => {
    change();
    expect(() => synthesized(stack)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(problem) }),
    );
  });

  test.each([
    ["displayName", { displayName: "Atlas" }],
    ["passwordPolicy", { passwordPolicy: [] }],
    ["refreshTokenRotation", { refreshTokenRotation: false }],
    ["offlineSessionDays", { offlineSessionDays: 1 }],
    ["events", { events: { retentionDays: 7 } }],
  ])("the setting %s, and names it", (name, settings) => {
    // as in a main.ts that nobody has type-checked
    const all = { ...props, existing: true, ...settings } as unknown as RealmStackProps;
    expect(() => synthesized(new RealmStack(app(), "atlas", all))).toThrow(
      `atlas  ${name} is a setting of the realm itself, which "existing: true" leaves as it is; remove it, and set it in Keycloak`,
    );
  });
});

test("a setting of the realm itself is a type error", () => {
  // @ts-expect-error the realm's events are not managed
  const declared: RealmStackProps = { ...props, existing: true, events: { retentionDays: 7 } };
  expect(declared).toBeDefined();
});
