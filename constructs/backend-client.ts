import { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { Construct } from "constructs";
import { templateProblems } from "./synthesis/terraform-template.ts";
import { ApiRoles } from "./api-roles.ts";
import { AudienceScope } from "./scopes/audience-scope.ts";
import { addClientScopeLists } from "./scopes/client-scope-lists.ts";
import { confidential, everyFlowOff } from "./client-settings.ts";
import type { RolePermissions } from "./declaration.ts";
import { type Permission, permissionName, PermissionScopes } from "./scopes/permission-scopes.ts";
import { RealmStack } from "./realm-stack.ts";

/** Properties of {@link BackendClient}. */
export interface BackendClientProps {
  /**
   * The client id, which the API expects in a token's `aud`.
   * @default the construct's id
   */
  readonly clientId?: string;
  /**
   * The name that people see.
   * @default the client id
   */
  readonly name?: string;
  /**
   * Permissions that clients may get at this API, each an RFC 6749 scope-token. A permission belongs to exactly one API. One that
   * demands more than a secret is `{ name: "orders:write", requires: ["private_key_jwt"] }`.
   */
  readonly permissions: readonly Permission[];
  /**
   * Roles of people, and the permissions that each of them grants. A person may do what the frontend and a role of the person both
   * permit. Customers have no roles.
   * @default no roles: every person has all permissions of the frontend
   */
  readonly roles?: RolePermissions;
}

/**
 * An API: the resource server that tokens are issued for. It only verifies tokens, so its client can obtain none: confidential,
 * with every flow off and no service account. It creates its {@link AudienceScope}, its {@link PermissionScopes} and its {@link ApiRoles}.
 *
 * @example
 * new BackendClient(realm, "atlas-api", {
 *   name: "Atlas API",
 *   permissions: ["orders:read", "orders:write"],
 *   roles: { clerk: ["orders:read"], manager: ["orders:read", "orders:write"] },
 * });
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-1.1 (RFC 6749, "resource server")
 */
export class BackendClient extends Construct {
  /** The client id. */
  readonly clientId: string;

  constructor(scope: Construct, id: string, props: BackendClientProps) {
    super(scope, id);
    const realm = RealmStack.of(this);
    this.clientId = props.clientId ?? id;
    realm.contents.reserveName("client id", this.clientId, this);
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
    // it obtains no token, so it needs none of the scopes that an existing realm hands out
    if (realm.isExisting) addClientScopeLists(this, backend, []);
    const audience = new AudienceScope(this, "audience", { backend });
    const { permissions, roles } = props;
    const scopes = new PermissionScopes(this, "permissions", { permissions });
    realm.contents.registerApi(this, {
      audience: audience.scope,
      permissions: scopes.scopes,
      roles:
        roles &&
        new ApiRoles(this, "roles", {
          backend,
          permissions: permissions.map(permissionName),
          roles,
        }).roles,
    });
    this.node.addValidation({ validate: () => templateProblems("name", props.name ?? "") });
  }
}
