import { expect, test } from "@jest/globals";
import { only, realmWithApis, resources } from "../atlas.ts";

test("an audience scope does not appear in a token's scope and cannot be destroyed", () => {
  expect(only(realmWithApis(), "openid_client_scope", { name: "billing-audience" })).toEqual({
    realm_id: "${keycloak_realm.realm.id}",
    name: "billing-audience",
    include_in_token_scope: false,
    include_in_openid_provider_metadata: false,
    lifecycle: { prevent_destroy: true },
  });
});

test("an audience scope adds only its own API to aud, and only in access tokens", () => {
  expect(resources(realmWithApis(), "openid_audience_protocol_mapper")).toEqual({
    "atlas-api_audience_mapper_10BCB68F": {
      realm_id: "${keycloak_realm.realm.id}",
      client_scope_id: "${keycloak_openid_client_scope.atlas-api_audience_0F795C08.id}",
      name: "atlas-api-audience",
      included_client_audience: "${keycloak_openid_client.atlas-api_2377EE78.client_id}",
      add_to_access_token: true,
      add_to_id_token: false,
      lifecycle: { prevent_destroy: true },
    },
    billing_audience_mapper_4E1A809B: {
      realm_id: "${keycloak_realm.realm.id}",
      client_scope_id: "${keycloak_openid_client_scope.billing_audience_34BFE94B.id}",
      name: "billing-audience",
      included_client_audience: "${keycloak_openid_client.billing_43250593.client_id}",
      add_to_access_token: true,
      add_to_id_token: false,
      lifecycle: { prevent_destroy: true },
    },
  });
});
