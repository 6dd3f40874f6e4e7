import { OpenidClientScope } from "@cdktf/provider-keycloak/lib/openid-client-scope";
import { Construct } from "constructs";
import { quoted } from "../../text/quoted.ts";
import type { AuthenticationMethod } from "../authentication/authentication.ts";
import {
  isListOfTexts,
  requireMethods,
  requirementProblems,
} from "../authentication/realm-policies.ts";
import { constructId } from "../names/construct-id.ts";
import { RealmStack } from "../realm-stack.ts";

/** `scope-token` of RFC 6749, section 3.3. */
const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** Properties of {@link PermissionScopes}. */
export interface PermissionScopesProps {
  /** The permissions, each an RFC 6749 scope-token (`orders:read`) that is unique in the realm. */
  readonly permissions: readonly Permission[];
}

/** A permission by its name, or with what it demands. */
export type Permission = string | PermissionProps;

/** A permission with what it demands. */
export interface PermissionProps {
  /** The permission, an RFC 6749 scope-token (`orders:write`). */
  readonly name: string;
  /** The methods with which a customer has to authenticate to have the permission. Keycloak refuses others too. */
  readonly requires: readonly AuthenticationMethod[];
}

/** The name of a permission. */
export function permissionName(permission: Permission): string {
  return typeof permission === "string" ? permission : permission.name;
}

/**
 * Client scopes of an API's permissions: one shared scope per permission, which appears in a token's `scope`. A client that has
 * the scope has the permission. {@link BackendClient} creates them.
 *
 * @example
 * new PermissionScopes(realm, "permissions", { permissions: ["orders:read", "orders:write"] });
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3 (RFC 6749, "Access Token Scope")
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client_scopes
 */
export class PermissionScopes extends Construct {
  /** The client scopes by permission, as references: a resource that uses one is created after it. */
  readonly scopes: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, props: PermissionScopesProps) {
    super(scope, id);
    const realm = RealmStack.of(this);
    const permissions = new Set(props.permissions.map(permissionName));
    this.scopes = new Map(
      [...permissions].map((permission) => {
        realm.contents.reserveName("client scope", permission, this);
        const clientScope = new OpenidClientScope(this, constructId("scope:", permission), {
          realmId: realm.realmId,
          name: permission,
          includeInTokenScope: true,
          includeInOpenidProviderMetadata: true,
          lifecycle: { preventDestroy: true },
        });
        return [permission, clientScope.name];
      }),
    );
    const demanding = props.permissions.filter((permission) => typeof permission !== "string");
    const requirements = new Map(demanding.map(({ name, requires }) => [name, requires]));
    for (const [name, requires] of requirements) {
      if (!isListOfTexts(requires)) continue;
      realm.contents.registerRequirement(name, requires);
      requireMethods(this, name, this.scopes.get(name) ?? name, requires, realm);
    }
    this.node.addValidation({ validate: () => permissionProblems(props.permissions) });
  }
}

function permissionProblems(permissions: readonly Permission[]): string[] {
  const names = permissions.map(permissionName);
  const demanding = permissions.filter((permission) => typeof permission !== "string");
  const isListedTwice = (name: string) => names.indexOf(name) < names.lastIndexOf(name);
  const twice = new Set(demanding.map(({ name }) => name).filter(isListedTwice));
  return [
    ...[...new Set(names)]
      .filter((name) => !scopeToken.test(name))
      .map(
        (name) =>
          `permission ${quoted(name)} is not a scope-token (RFC 6749, section 3.3); use printable ASCII without space, " and \\, such as "orders:read"`,
      ),
    ...[...twice].map((name) => `permission ${quoted(name)} is listed twice; remove one`),
    ...demanding.flatMap(({ name, requires }) => requirementProblems(name, requires)),
  ];
}
