import { describe, expect, test } from "@jest/globals";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { BackendClient } from "../../constructs/backend-client.ts";
import { CustomerClient } from "../../constructs/customer-client.ts";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { FrontendClient } from "../../constructs/frontend-client.ts";
import { RealmStack } from "../../constructs/realm-stack.ts";
import { ExplainedError } from "../../text/errors.ts";
import { app, realm, realmWithCustomers, synthesized, written } from "./atlas.ts";

const acme = {
  name: "Acme Corp",
  contact: "api@acme.example",
  access: { "atlas-api": ["orders:read"] },
};

describe("the declaration", () => {
  const declare = (stack: RealmStack) => {
    new BackendClient(stack, "atlas-api", { permissions: ["orders:read", "orders:write"] });
    new BackendClient(stack, "billing", { clientId: "billing-api", permissions: [] });
    new FrontendClient(stack, "atlas-frontend", {
      redirectUris: ["https://app.example.com/"],
      access: { "atlas-api": ["orders:write"] },
    });
    const customers = new Construct(stack, "customers");
    new CustomerClient(customers, "acme", acme);
    new CustomerClient(customers, "initech", {
      ...acme,
      enabled: false,
      access: { "billing-api": [] },
    });
  };

  const expected: RealmDeclaration = {
    realm: "atlas",
    keycloak: { url: "https://login.example.com", basePath: "" },
    apis: { "atlas-api": ["orders:read", "orders:write"], "billing-api": [] },
    frontends: { "atlas-frontend": { "atlas-api": ["orders:write"] } },
    customers: {
      acme: { ...acme, enabled: true },
      initech: { ...acme, enabled: false, access: { "billing-api": [] } },
    },
  };

  test("contains APIs, frontends and customers, independent of Terraform", () => {
    const stack = realm();
    declare(stack);
    expect(stack.declaration).toEqual(expected);
  });

  test("is written below the comment key, next to the metadata of cdktf", () => {
    const project = app();
    declare(
      new RealmStack(project, "atlas", {
        realm: "atlas",
        keycloak: { url: "https://login.example.com" },
      }),
    );
    project.synth();
    const { "//": comment } = written("atlas") as { "//": unknown };
    expect(comment).toEqual({
      declaration: expected,
      metadata: expect.objectContaining({ stackName: "atlas", version: "0.21.0" }),
      outputs: {},
    });
  });
});

describe("a declaration that is not valid", () => {
  const messageOf = (use: () => unknown): unknown => {
    try {
      use();
    } catch (error) {
      expect(error).toBeInstanceOf(ExplainedError);
      return error instanceof ExplainedError && error.exitStatus === 1 && error.message;
    }
    return "no error";
  };

  test("is refused with the problems of all constructs at once, each with its path", () => {
    const stack = realmWithCustomers([
      ["acme", { access: { "atlas-api": ["order:read"] } }],
      ["globex", { access: {} }],
    ]);
    new FrontendClient(stack, "fe", {
      redirectUris: ["https://app.example.com/*"],
      access: { "atlas-ap": [] },
    });
    expect(messageOf(() => synthesized(stack))).toBe(
      [
        "atlas is not valid: 4 problems",
        '  atlas/customers/@acme    unknown permission "order:read" of atlas-api; did you mean "orders:read"?',
        '  atlas/customers/@globex  access names no API; name at least one of "atlas-api", "billing"',
        '  atlas/fe                 unknown API "atlas-ap"; did you mean "atlas-api"?',
        '  atlas/fe                 redirect URI "https://app.example.com/*" has a wildcard; name each address in full',
      ].join("\n"),
    );
  });

  test("is refused before cdktf resolves tokens in its texts", () => {
    const project = app();
    const text = "${TfToken[TOKEN.0]}";
    const elsewhere = "${TfToken[TOKEN.99999]}";
    new RealmStack(project, "atlas", {
      realm: text,
      displayName: elsewhere,
      keycloak: { url: "https://%{x}", basePath: "/${x}" },
    });
    expect(
      messageOf(() => {
        project.synth();
      }),
    ).toBe(
      [
        "atlas is not valid: 4 problems",
        '  atlas  realm "${TfToken[TOKEN.0]}" contains "${", which Terraform would evaluate; remove it',
        '  atlas  displayName "${TfToken[TOKEN.99999]}" contains "${", which Terraform would evaluate; remove it',
        '  atlas  keycloak.url: the address "https://%{x}" contains "%{", which Terraform would evaluate; remove it',
        '  atlas  keycloak.basePath "/${x}" contains "${", which Terraform would evaluate; remove it',
      ].join("\n"),
    );
  });

  test.each([
    ["http://login.example.com", '"http://login.example.com" does not use https'],
    ["https://a:b@login.example.com", "contains a user name or password"],
  ])("is refused with Keycloak at %s", (url, problem) => {
    const project = app();
    new RealmStack(project, "atlas", { realm: "atlas", keycloak: { url } });
    expect(
      messageOf(() => {
        project.synth();
      }),
    ).toContain(`atlas  keycloak.url: ${problem}`);
  });

  test("is refused with the path of a construct that is in no stack", () => {
    expect(messageOf(() => new BackendClient(app(), "api", { permissions: [] }))).toBe(
      "api is not inside a RealmStack; create it inside one",
    );
  });

  test("is refused with the path of a construct that is in another kind of stack", () => {
    const plain = new TerraformStack(app(), "plain");
    expect(messageOf(() => new CustomerClient(plain, "acme", acme))).toBe(
      "plain/@acme is not inside a RealmStack; create it inside one",
    );
  });
});
