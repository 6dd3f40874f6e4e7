import type { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { OpenidClientDefaultScopes } from "@cdktf/provider-keycloak/lib/openid-client-default-scopes";
import { OpenidClientOptionalScopes } from "@cdktf/provider-keycloak/lib/openid-client-optional-scopes";
import type { Construct } from "constructs";
import { RealmStack } from "../realm-stack.ts";

/**
 * Declares exactly which client scopes a client has: the given default ones, and no optional one. An existing realm hands out optional
 * scopes to every new client. A managed realm hands out none, so there is nothing to declare.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client_scopes_linking
 */
export function addClientScopeLists(
  owner: Construct,
  client: OpenidClient,
  defaultScopes: string[],
): void {
  const realm = RealmStack.of(owner);
  const { realmId } = realm.referenceFor(owner);
  const list = { realmId, clientId: client.id };
  // first: a scope that the realm hands out as an optional one cannot become a default one
  const optional = realm.isExisting
    ? new OpenidClientOptionalScopes(owner, "optional-scopes", { ...list, optionalScopes: [] })
    : undefined;
  new OpenidClientDefaultScopes(owner, "default-scopes", {
    ...list,
    defaultScopes,
    ...(optional && { dependsOn: [optional] }),
  });
}
