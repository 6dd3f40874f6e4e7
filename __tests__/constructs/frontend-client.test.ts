import { describe, expect, test } from "@jest/globals";
import { FrontendClient } from "../../constructs/frontend-client.ts";
import { counts, only, realmWithApis, realmWithFrontend, resources, synthesized } from "./atlas.ts";

const clientOf = (props: Parameters<typeof realmWithFrontend>[0]) =>
  only(realmWithFrontend(props), "openid_client", { access_type: "PUBLIC" });

describe("a frontend's client", () => {
  test("allows only the standard flow with PKCE S256, has no secret and cannot be destroyed", () => {
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

  test("accepts a client id and a name that differ from the construct id", () => {
    const client = clientOf({ clientId: "shop", name: "The Shop" });
    expect(client.client_id).toBe("shop");
    expect(client.name).toBe("The Shop");
  });

  test("has each origin of its redirect URIs once as web origin by default", () => {
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

  test("has the given web origins and post-logout redirect URIs", () => {
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

  test("accepts an empty list of web origins", () => {
    expect(clientOf({ webOrigins: [] }).web_origins).toEqual([]);
  });
});

describe("a frontend's scopes", () => {
  const audience = "${keycloak_openid_client_scope.atlas-api_audience_0F795C08.name}";
  const read =
    "${keycloak_openid_client_scope.atlas-api_permissions_scopeordersread_2E777D99.name}";

  test("are the default user scopes, and the audiences and permissions of its APIs", () => {
    expect(resources(realmWithFrontend(), "openid_client_default_scopes")).toEqual({
      "atlas-frontend_default-scopes_A33A064C": {
        realm_id: "${keycloak_realm.realm.id}",
        client_id: "${keycloak_openid_client.atlas-frontend_C2469E83.id}",
        default_scopes: ["basic", "profile", "email", "acr", "web-origins", audience, read],
      },
    });
  });

  test("are the given user scopes, and the audiences and permissions of its APIs", () => {
    const stack = realmWithFrontend({ userScopes: ["basic", "roles"] });
    expect(Object.values(resources(stack, "openid_client_default_scopes"))).toEqual([
      expect.objectContaining({ default_scopes: ["basic", "roles", audience, read] }),
    ]);
  });
});

test("a frontend creates two resources", () => {
  const none = counts(realmWithApis());
  expect(counts(realmWithFrontend())).toEqual({
    ...none,
    keycloak_openid_client: 3,
    keycloak_openid_client_default_scopes: 1,
  });
});

describe("frontends that are not valid", () => {
  test.each([
    ["no redirect URI", { redirectUris: [] }, "redirectUris is empty; name at least one"],
    [
      "a redirect URI with a wildcard",
      { redirectUris: ["https://app.example.com/*"] },
      'redirect URI "https://app.example.com/*" has a wildcard; name each address in full',
    ],
    [
      "an http redirect URI outside localhost",
      { redirectUris: ["http://app.example.com/"] },
      'redirect URI "http://app.example.com/" does not use https; use https, or http on localhost only',
    ],
    [
      "a relative post-logout redirect URI",
      { postLogoutRedirectUris: ["/signed-out"] },
      'post-logout redirect URI "/signed-out" is not an absolute URL; write it in full, such as https://app.example.com/',
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
      "the user scope openid, which is not a client scope",
      { userScopes: ["openid"] },
      'unknown user scope "openid"; known: "basic", "profile", "email", "address", "phone", "roles", "web-origins", "microprofile-jwt", "acr", "offline_access", "organization", "service_account", "role_list", "saml_organization", "AuthnContextClassRef", "delegation:user", "delegation:client"',
    ],
    [
      "a cdktf token as name",
      { name: "${TfToken[TOKEN.0]}" },
      'name "${TfToken[TOKEN.0]}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "a cdktf token as redirect URI",
      { redirectUris: ["${TfToken[TOKEN.9999]}"] },
      'redirect URI "${TfToken[TOKEN.9999]}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "an API's client id",
      { clientId: "billing" },
      'client id "billing" is taken by atlas/billing; choose another',
    ],
  ])("refuses a frontend with %s", (_, props, problem) => {
    expect(() => synthesized(realmWithFrontend(props))).toThrow(
      new Error(`atlas is not valid: 1 problem\n  atlas/atlas-frontend  ${problem}`),
    );
  });

  test("reports an address once if two lists use it by default", () => {
    const stack = realmWithApis();
    new FrontendClient(stack, "fe", { redirectUris: ["nowhere"], access: { billing: [] } });
    expect(() => synthesized(stack)).toThrow(
      new Error(
        'atlas is not valid: 1 problem\n  atlas/fe  redirect URI "nowhere" is not an absolute URL; write it in full, such as https://app.example.com/',
      ),
    );
  });
});
