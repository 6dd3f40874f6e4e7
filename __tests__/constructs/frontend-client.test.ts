import { describe, expect, test } from "@jest/globals";
import { FrontendClient } from "../../constructs/frontend-client.ts";
import { counts, only, realmWithApis, realmWithFrontend, resources, synthesized } from "./atlas.ts";

const clientOf = (props: Parameters<typeof realmWithFrontend>[0]) =>
  only(realmWithFrontend(props), "openid_client", { access_type: "PUBLIC" });

describe("a frontend's client", () => {
  test("signs users in with PKCE S256 and nothing else, has no secret, and cannot be destroyed", () => {
    expect(clientOf({})).toEqual({
      realm_id: "${keycloak_realm.realm.id}",
      client_id: "atlas-frontend",
      name: "atlas-frontend",
      access_type: "PUBLIC",
      standard_flow_enabled: true,
      implicit_flow_enabled: false,
      direct_access_grants_enabled: false,
      service_accounts_enabled: false,
      oauth2_device_authorization_grant_enabled: false,
      standard_token_exchange_enabled: false,
      pkce_code_challenge_method: "S256",
      valid_redirect_uris: ["https://app.example.com/"],
      valid_post_logout_redirect_uris: ["https://app.example.com/"],
      web_origins: ["https://app.example.com"],
      full_scope_allowed: false,
      depends_on: [
        "keycloak_realm_events.events",
        "keycloak_realm_default_client_scopes.default-scopes",
        "keycloak_realm_optional_client_scopes.optional-scopes",
      ],
      lifecycle: { prevent_destroy: true },
    });
  });

  test("may have a client id and a name of its own", () => {
    const client = clientOf({ clientId: "shop", name: "The Shop" });
    expect(client.client_id).toBe("shop");
    expect(client.name).toBe("The Shop");
  });

  test("has the origins of its redirect URIs, each once, as web origins", () => {
    const redirectUris = [
      "https://app.example.com/",
      "https://app.example.com/callback?a=b",
      "http://localhost:5173/",
      "http://127.0.0.1:5173/",
      "http://[::1]:5173/",
    ];
    expect(clientOf({ redirectUris })).toMatchObject({
      valid_redirect_uris: redirectUris,
      valid_post_logout_redirect_uris: redirectUris,
      web_origins: [
        "https://app.example.com",
        "http://localhost:5173",
        "http://127.0.0.1:5173",
        "http://[::1]:5173",
      ],
    });
  });

  test("has other web origins and post-logout addresses where it names them", () => {
    expect(
      clientOf({
        webOrigins: ["https://other.example.com"],
        postLogoutRedirectUris: ["https://app.example.com/signed-out"],
      }),
    ).toMatchObject({
      valid_redirect_uris: ["https://app.example.com/"],
      valid_post_logout_redirect_uris: ["https://app.example.com/signed-out"],
      web_origins: ["https://other.example.com"],
    });
  });

  test("may allow no web origin at all", () => {
    expect(clientOf({ webOrigins: [] }).web_origins).toEqual([]);
  });
});

describe("a frontend's scopes", () => {
  const audience = "${keycloak_openid_client_scope.atlas-api_audience_0F795C08.name}";
  const read =
    "${keycloak_openid_client_scope.atlas-api_permissions_scopeordersread_2E777D99.name}";

  test("are those of a signed-in user, and the audience and permissions of its APIs", () => {
    expect(resources(realmWithFrontend(), "openid_client_default_scopes")).toEqual({
      "atlas-frontend_default-scopes_A33A064C": {
        realm_id: "${keycloak_realm.realm.id}",
        client_id: "${keycloak_openid_client.atlas-frontend_C2469E83.id}",
        default_scopes: ["basic", "profile", "email", "acr", "web-origins", audience, read],
      },
    });
  });

  test("are what it names of Keycloak's own", () => {
    const stack = realmWithFrontend({ userScopes: ["basic", "roles"] });
    expect(Object.values(resources(stack, "openid_client_default_scopes"))).toEqual([
      expect.objectContaining({ default_scopes: ["basic", "roles", audience, read] }),
    ]);
  });
});

test("a frontend is two resources", () => {
  const none = counts(realmWithApis());
  expect(counts(realmWithFrontend())).toEqual({
    ...none,
    keycloak_openid_client: 3,
    keycloak_openid_client_default_scopes: 1,
  });
});

describe("misuse of a frontend", () => {
  test.each([
    ["no redirect URI", { redirectUris: [] }, "redirectUris is empty; name at least one"],
    [
      "a wildcard redirect URI",
      { redirectUris: ["https://app.example.com/*"] },
      'redirect URI "https://app.example.com/*" has a wildcard; name each address in full',
    ],
    [
      "an http redirect URI that is not localhost",
      { redirectUris: ["http://app.example.com/"] },
      'redirect URI "http://app.example.com/" is not https; use https, or http on localhost only',
    ],
    [
      "a bad post-logout redirect URI",
      { postLogoutRedirectUris: ["/signed-out"] },
      'post-logout redirect URI "/signed-out" is no absolute URL; write it in full, like https://app.example.com/',
    ],
    [
      "a web origin with a path",
      { webOrigins: ["https://app.example.com/x"] },
      'web origin "https://app.example.com/x" is more than an origin; write https://app.example.com',
    ],
    ["no API", { access: {} }, 'access names no API; name at least one of "atlas-api", "billing"'],
    [
      "a misspelled permission",
      { access: { "atlas-api": ["orders:reed"] } },
      'unknown permission "orders:reed" of atlas-api; did you mean "orders:read"?',
    ],
    [
      "a misspelled user scope",
      { userScopes: ["basic", "profil"] },
      'unknown user scope "profil"; did you mean "profile"?',
    ],
    [
      "openid, which is no client scope",
      { userScopes: ["openid"] },
      'unknown user scope "openid"; there are "basic", "profile", "email", "address", "phone", "roles", "web-origins", "microprofile-jwt", "acr", "offline_access", "organization", "service_account", "role_list", "saml_organization"',
    ],
    [
      "a token of cdktf's as name",
      { name: "${TfToken[TOKEN.0]}" },
      'name "${TfToken[TOKEN.0]}" holds "${", which Terraform would evaluate; write it without',
    ],
    [
      "a token of cdktf's as redirect URI",
      { redirectUris: ["${TfToken[TOKEN.9999]}"] },
      'redirect URI "${TfToken[TOKEN.9999]}" holds "${", which Terraform would evaluate; write it without',
    ],
    [
      "an API's client id",
      { clientId: "billing" },
      'client id "billing" is taken by atlas/billing; choose another',
    ],
  ])("is an error: %s", (_, props, problem) => {
    expect(() => synthesized(realmWithFrontend(props))).toThrow(
      new Error(`atlas is not valid: 1 problem\n  atlas/atlas-frontend  ${problem}`),
    );
  });

  test("is an error: an address that stands for two lists is reported once", () => {
    const stack = realmWithApis();
    new FrontendClient(stack, "fe", { redirectUris: ["nowhere"], access: { billing: [] } });
    expect(() => synthesized(stack)).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/fe  redirect URI "nowhere" is no absolute URL; write it in full, like https://app.example.com/',
      ),
    );
  });
});
