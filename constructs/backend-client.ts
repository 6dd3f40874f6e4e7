import { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { Construct } from "constructs";
import { templateProblems } from "../text/template.ts";
import { AudienceScope } from "./audience-scope.ts";
import { confidential, everyFlowOff } from "./client-settings.ts";
import { PermissionScopes } from "./permission-scopes.ts";
import { RealmStack } from "./realm-stack.ts";

/** Properties of {@link BackendClient}. */
export interface BackendClientProps {
  /**
   * The client id, which is what the backend looks for in a token's `aud`.
   * @default the construct's id
   */
  readonly clientId?: string;
  /**
   * The name that people see.
   * @default the client id
   */
  readonly name?: string;
  /** What a client may do at this API, each a scope-token of RFC 6749. A permission belongs to exactly one API. */
  readonly permissions: readonly string[];
}

/**
 * An API: the resource server that tokens are made for. It only verifies tokens, so its client can obtain none: confidential,
 * every flow off, no service account. With it come its audience scope and a client scope per permission.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-1.1 for "resource server"
 */
export class BackendClient extends Construct {
  /** The client id. */
  readonly clientId: string;

  constructor(scope: Construct, id: string, props: BackendClientProps) {
    super(scope, id);
    const realm = RealmStack.of(this);
    this.clientId = props.clientId ?? id;
    realm.claim("client id", this.clientId, this);
    const backend = new OpenidClient(this, "Resource", {
      realmId: realm.realmId,
      clientId: this.clientId,
      name: props.name ?? this.clientId,
      ...confidential,
      ...everyFlowOff,
      fullScopeAllowed: false,
      dependsOn: realm.clientDependencies,
      lifecycle: { preventDestroy: true },
    });
    const audience = new AudienceScope(this, "audience", { backend });
    const permissions = new PermissionScopes(this, "permissions", {
      permissions: props.permissions,
    });
    realm.apis.set(this.clientId, { audience: audience.scope, permissions: permissions.scopes });
    this.node.addValidation({ validate: () => templateProblems("name", props.name ?? "") });
  }
}
