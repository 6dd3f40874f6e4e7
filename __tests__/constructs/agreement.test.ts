import { OpenidAudienceProtocolMapper } from "@cdktf/provider-keycloak/lib/openid-audience-protocol-mapper";
import { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { OpenidClientDefaultScopes } from "@cdktf/provider-keycloak/lib/openid-client-default-scopes";
import { OpenidClientOptionalScopes } from "@cdktf/provider-keycloak/lib/openid-client-optional-scopes";
import { OpenidClientServiceAccountRole } from "@cdktf/provider-keycloak/lib/openid-client-service-account-role";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { TerraformResource } from "cdktf";
import { FrontendClient } from "../../constructs/frontend-client.ts";
import type { RealmStack } from "../../constructs/realm-stack.ts";
import { realmWithCustomers, synthesized } from "./atlas.ts";

let stack: RealmStack;

beforeEach(() => {
  stack = realmWithCustomers([["acme"], ["globex"]]);
  new FrontendClient(stack, "atlas-frontend", {
    redirectUris: ["https://app.example.com/"],
    access: { "atlas-api": ["orders:read"] },
  });
});

/** The resource of the construct at a path below the stack. */
function resource<T extends TerraformResource>(
  path: string,
  type: abstract new (...args: never[]) => T,
): T {
  const found = stack.node.findAll().find(({ node }) => node.path === `atlas/${path}`);
  if (!(found instanceof type)) throw new Error(`no ${type.name} at ${path}`);
  return found;
}

const acme = () => resource("customers/@acme/Resource", OpenidClient);
const declareScopes = (client: string, scopes: readonly string[]) => {
  resource(`${client}/default-scopes`, OpenidClientDefaultScopes).defaultScopes = [...scopes];
};
const write = "atlas-api/permissions/scope:orders:write";

describe("the synthesis refuses", () => {
  const refused: readonly (readonly [what: string, change: () => void, ...problems: string[]])[] = [
    [
      "a permission that only the code gives to a customer",
      () => {
        declareScopes("customers/@acme", [
          "basic",
          "service_account",
          "atlas-api-audience",
          "orders:write",
          "orders:read",
        ]);
      },
      'atlas/customers/@acme  the client "acme" has "orders:write", which is not declared',
    ],
    [
      "a permission that the code does not give to a customer",
      () => {
        declareScopes("customers/@acme", ["basic", "service_account", "atlas-api-audience"]);
      },
      'atlas/customers/@acme  the client "acme" lacks "orders:read", which is declared',
    ],
    [
      "a scope of users at a customer's client",
      () => {
        declareScopes("customers/@acme", [
          "basic",
          "service_account",
          "profile",
          "atlas-api-audience",
          "orders:read",
        ]);
      },
      'atlas/customers/@acme  the client "acme" has "profile", which is not declared',
    ],
    [
      "a suspension by the code",
      () => {
        acme().enabled = false;
      },
      "atlas/customers/@acme  enabled is false, but true is declared",
    ],
    [
      "another name and contact",
      () => {
        acme().name = "Eve";
        acme().extraConfig = { contact: "eve@evil.example" };
      },
      'atlas/customers/@acme  name is "Eve", but "Acme Corp" is declared',
      'atlas/customers/@acme  contact is "eve@evil.example", but "api@acme.example" is declared',
    ],
    [
      "another authentication than the declared one",
      () => {
        acme().clientAuthenticatorType = "client-jwt";
        acme().extraConfig = { contact: "api@acme.example", "use.jwks.url": "true" };
      },
      'atlas/customers/@acme  use.jwks.url is "true", which is not declared',
      'atlas/customers/@acme  client_authenticator_type is "client-jwt", but "client-secret" is declared',
    ],
    [
      "another lifespan, binding, last day and number of the secret",
      () => {
        acme().accessTokenLifespan = "3600";
        acme().requireDpopBoundTokens = true;
        acme().extraConfig = { contact: "api@acme.example", expires: "2027-06-30", rotation: "2" };
      },
      'atlas/customers/@acme  expires is "2027-06-30", which is not declared',
      'atlas/customers/@acme  rotation is "2", which is not declared',
      'atlas/customers/@acme  access_token_lifespan is "3600", which is not declared',
      "atlas/customers/@acme  require_dpop_bound_tokens is true, but false is declared",
    ],
    [
      "another client id",
      () => {
        acme().clientId = "x-acme";
      },
      'atlas/customers/@acme  the client "x-acme" has "atlas-api-audience", "orders:read", which is not declared',
      'atlas                  the client "acme" is declared, but no resource has this client id',
    ],
    [
      "a client of main.ts with access that nobody declared",
      () => {
        const backdoor = new OpenidClient(stack, "b", {
          ...{ realmId: stack.realmId, clientId: "backdoor", accessType: "CONFIDENTIAL" },
          ...{ serviceAccountsEnabled: true, clientSecretWo: "known-to-me" },
        });
        new OpenidClientDefaultScopes(stack, "b-scopes", {
          ...{ realmId: stack.realmId, clientId: backdoor.id },
          defaultScopes: ["atlas-api-audience", "orders:write"],
        });
      },
      'atlas/b  the client "backdoor" has "atlas-api-audience", "orders:write", which is not declared',
    ],
    [
      "a second client with a customer's client id",
      () => {
        new OpenidClient(stack, "b", {
          ...{ realmId: stack.realmId, clientId: "globex", accessType: "CONFIDENTIAL" },
        });
      },
      'the client "globex" is declared, but 2 resources have this client id',
    ],
    [
      "more access for the users of a frontend",
      () => {
        declareScopes("atlas-frontend", [
          "basic",
          "atlas-api-audience",
          "orders:write",
          "orders:read",
        ]);
      },
      'atlas/atlas-frontend  the client "atlas-frontend" has "orders:write", which is not declared',
    ],
    [
      "a role of a customer's service account",
      () => {
        new OpenidClientServiceAccountRole(stack, "role", {
          ...{ realmId: stack.realmId, serviceAccountUserId: acme().serviceAccountUserId },
          ...{ clientId: "realm-management", role: "manage-users" },
        });
      },
      "atlas/customers/@acme  atlas/role (keycloak_openid_client_service_account_role) adds to the customer's client",
    ],
    [
      "an optional scope of a customer's client",
      () => {
        new OpenidClientOptionalScopes(stack, "optional", {
          ...{ realmId: stack.realmId, clientId: acme().id, optionalScopes: ["offline_access"] },
        });
      },
      "atlas/customers/@acme  atlas/optional (keycloak_openid_client_optional_scopes) adds to the customer's client",
    ],
    [
      "a second list of scopes of a customer's client",
      () => {
        new OpenidClientDefaultScopes(stack, "more", {
          ...{ realmId: stack.realmId, clientId: acme().id, defaultScopes: ["basic"] },
        });
      },
      "atlas/customers/@acme  atlas/more (keycloak_openid_client_default_scopes) adds to the customer's client",
    ],
    [
      "another audience in a permission's scope",
      () => {
        new OpenidAudienceProtocolMapper(stack, "more", {
          ...{
            realmId: stack.realmId,
            clientScopeId: `\${${resource(write, TerraformResource).fqn}.id}`,
          },
          ...{ name: "more", includedClientAudience: "billing" },
        });
      },
      "atlas/more  adds to the tokens of every client with this scope, which is not declared; use a client scope of your own",
    ],
    [
      "an audience scope that names another API",
      () => {
        resource("atlas-api/audience/mapper", TerraformResource).addOverride(
          "included_client_audience",
          "billing",
        );
      },
      'atlas/atlas-api/audience         the scope does not add the API "atlas-api" to aud, although that is declared',
    ],
    [
      "a permission that appears in no token",
      () => {
        resource(write, TerraformResource).addOverride("include_in_token_scope", false);
      },
      "atlas/atlas-api/permissions/scope:orders:write  the permission does not appear in a token's scope, although it is declared",
    ],
    [
      "another realm",
      () => {
        resource("realm", TerraformResource).addOverride("realm", "other");
      },
      'atlas/realm  the realm is "other", but "atlas" is declared',
    ],
  ];

  test.each(refused)("%s, and names the construct", (_, change, ...problems) => {
    change();
    for (const problem of problems)
      expect(() => synthesized(stack)).toThrow(
        expect.objectContaining({ message: expect.stringContaining(problem) }),
      );
  });
});

describe("the synthesis accepts", () => {
  test("a client of main.ts without access to the APIs, and a mapper of a frontend's client", () => {
    new OpenidClient(stack, "monitoring", {
      ...{ realmId: stack.realmId, clientId: "monitoring", accessType: "CONFIDENTIAL" },
    });
    const frontend = resource("atlas-frontend/Resource", OpenidClient);
    new OpenidAudienceProtocolMapper(stack, "more", {
      ...{ realmId: stack.realmId, clientId: frontend.id, name: "more" },
      includedCustomAudience: "https://maps.example.com",
    });
    expect(() => synthesized(stack)).not.toThrow();
  });
});
