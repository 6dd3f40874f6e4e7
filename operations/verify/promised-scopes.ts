import type { Access, RealmDeclaration } from "../../constructs/declaration.ts";
import { audienceScopeName } from "../../constructs/names/audience-scope-name.ts";
import { permissionsClaim } from "../../constructs/names/permissions-claim.ts";
import { allPermissionsRole } from "../../constructs/names/reserved-names.ts";
import { rolesScopeName } from "../../constructs/names/roles-scope-name.ts";
import { roleText } from "./roles.ts";

/** A client scope, as the declaration promises it. */
export interface PromisedScope {
  readonly name: string;
  /** Whether Keycloak created it with the realm, so that Terraform does not manage it. */
  readonly isBuiltIn: boolean;
  /** Whether its name appears in a token's `scope`. */
  readonly isInTokenScope: boolean;
  readonly mappers: readonly PromisedMapper[];
  /** The role whose holders it is for; undefined if it is for everybody. */
  readonly role?: string;
}

/** A mapper, as the declaration promises it. */
export interface PromisedMapper {
  /** Keycloak's type of the mapper. */
  readonly type: string;
  /** Its configuration, as far as it changes what the mapper does. An empty text is a setting that is not set. */
  readonly config: Readonly<Record<string, string>>;
  /** What it does, as a verb in the third person. */
  readonly purpose: string;
}

/**
 * The client scopes that a declaration promises. `basic` and `service_account` of a managed realm are among them, because every customer
 * has them. An existing realm's are left to its owner.
 */
export function promisedScopes({ apis, roles = {}, existing }: RealmDeclaration): PromisedScope[] {
  return [
    ...(existing === true ? [] : builtIn),
    ...Object.entries(apis).flatMap(([api, permissions]) => [
      audienceScope(api),
      ...permissions.map((name) => ({
        ...{ name, isBuiltIn: false, isInTokenScope: true, mappers: [] },
      })),
      ...(Object.hasOwn(roles, api) ? [rolesScope(api)] : []),
    ]),
  ];
}

/** The names of the client scopes that give a client its access. */
export function accessScopes(access: Access): string[] {
  return Object.entries(access).flatMap(([api, permissions]) => [
    audienceScopeName(api),
    ...permissions,
  ]);
}

function audienceScope(api: string): PromisedScope {
  const config = {
    "included.client.audience": api,
    "included.custom.audience": "",
    "access.token.claim": "true",
  };
  return {
    ...{ name: audienceScopeName(api), isBuiltIn: false, isInTokenScope: false },
    mappers: [{ type: "oidc-audience-mapper", config, purpose: `adds only "${api}" to aud` }],
  };
}

function rolesScope(api: string): PromisedScope {
  const config = {
    "usermodel.clientRoleMapping.clientId": api,
    "usermodel.clientRoleMapping.rolePrefix": "",
    "claim.name": permissionsClaim,
    multivalued: "true",
    "access.token.claim": "true",
  };
  const purpose = `lists the roles of "${api}" in the claim ${permissionsClaim}`;
  return {
    ...{ name: rolesScopeName(api), isBuiltIn: false, isInTokenScope: false },
    mappers: [{ type: "oidc-usermodel-client-role-mapper", config, purpose }],
    role: roleText(allPermissionsRole, api),
  };
}

function sessionNote(note: string, claim: string): PromisedMapper {
  return {
    type: "oidc-usersessionmodel-note-mapper",
    config: { "user.session.note": note, "claim.name": claim },
    purpose: `adds the claim ${claim}`,
  };
}

/** @see https://www.keycloak.org/docs/latest/server_admin/#protocol */
const builtIn: readonly PromisedScope[] = [
  {
    ...{ name: "basic", isBuiltIn: true, isInTokenScope: false },
    mappers: [
      {
        ...{ type: "oidc-sub-mapper", config: { "access.token.claim": "true" } },
        purpose: "adds the claim sub",
      },
      sessionNote("AUTH_TIME", "auth_time"),
    ],
  },
  {
    ...{ name: "service_account", isBuiltIn: true, isInTokenScope: false },
    mappers: [
      sessionNote("client_id", "client_id"),
      sessionNote("clientHost", "clientHost"),
      sessionNote("clientAddress", "clientAddress"),
    ],
  },
];
