import { OpenidAudienceProtocolMapper } from "@cdktf/provider-keycloak/lib/openid-audience-protocol-mapper";
import type { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { OpenidClientScope } from "@cdktf/provider-keycloak/lib/openid-client-scope";
import { Construct } from "constructs";
import { audienceScopeName } from "../names/audience-scope-name.ts";
import { RealmStack } from "../realm-stack.ts";

/** Properties of {@link AudienceScope}. */
export interface AudienceScopeProps {
  /** The client of the API that tokens are issued for. */
  readonly backend: OpenidClient;
}

/**
 * Client scope with an audience mapper, named `<API>-audience`. Access tokens of clients that have the scope name the API in
 * `aud`. The scope itself does not appear in a token's `scope`. {@link BackendClient} creates it.
 *
 * @example
 * new AudienceScope(realm, "audience", { backend });
 * @see https://www.keycloak.org/docs/latest/server_admin/#audience-support
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2 (RFC 9068, `aud`)
 */
export class AudienceScope extends Construct {
  /** The client scope as a reference: a resource that uses it is created after it. */
  readonly scope: string;

  constructor(scope: Construct, id: string, props: AudienceScopeProps) {
    super(scope, id);
    const realm = RealmStack.of(this);
    const name = audienceScopeName(props.backend.clientIdInput);
    realm.contents.reserveName("client scope", name, this);
    const clientScope = new OpenidClientScope(this, "Resource", {
      realmId: realm.realmId,
      name,
      includeInTokenScope: false,
      includeInOpenidProviderMetadata: false,
      lifecycle: { preventDestroy: true },
    });
    this.scope = clientScope.name;
    new OpenidAudienceProtocolMapper(this, "mapper", {
      realmId: realm.realmId,
      clientScopeId: clientScope.id,
      name,
      includedClientAudience: props.backend.clientId,
      addToAccessToken: true,
      addToIdToken: false,
      lifecycle: { preventDestroy: true },
    });
  }
}
