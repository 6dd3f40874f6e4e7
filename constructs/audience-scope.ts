import { OpenidAudienceProtocolMapper } from "@cdktf/provider-keycloak/lib/openid-audience-protocol-mapper";
import type { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { OpenidClientScope } from "@cdktf/provider-keycloak/lib/openid-client-scope";
import { Construct } from "constructs";
import { RealmStack } from "./realm-stack.ts";

/** Properties of {@link AudienceScope}. */
export interface AudienceScopeProps {
  /** The client of the backend that the tokens are for. */
  readonly backend: OpenidClient;
}

/**
 * A client scope with an audience mapper, `<backend>-audience`: whoever has it gets the backend into the `aud` of its access
 * tokens. It is not shown in a token's `scope`.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#audience-support
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2 for `aud`
 */
export class AudienceScope extends Construct {
  /** The client scope, as a reference: what uses it is created after it. */
  readonly scope: string;

  constructor(scope: Construct, id: string, props: AudienceScopeProps) {
    super(scope, id);
    const realm = RealmStack.of(this);
    const name = `${props.backend.clientIdInput}-audience`;
    realm.claim("client scope", name, this);
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
