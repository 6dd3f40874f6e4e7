import { clientPolicy, clientPolicyProfile } from "./client-policy/client-policy.ts";
import { audienceMapper } from "./client-scope/audience-mapper.ts";
import { clientScope } from "./client-scope/client-scope.ts";
import { userClientRoleMapper } from "./client-scope/user-client-role-mapper.ts";
import { attachedClientScopes } from "./client/attached-client-scopes.ts";
import { client } from "./client/client.ts";
import { groupRoles } from "./group/group-roles.ts";
import { group } from "./group/group.ts";
import { identityProvider } from "./identity-provider/identity-provider.ts";
import { realmClientScopes } from "./realm/realm-client-scopes.ts";
import { realmEvents } from "./realm/realm-events.ts";
import { realm } from "./realm/realm.ts";
import type { ResourceType } from "./resource-type.ts";
import { roleMapper } from "./role/role-mapper.ts";
import { role } from "./role/role.ts";

const types: readonly ResourceType[] = [
  realm,
  realmEvents,
  realmClientScopes("default"),
  realmClientScopes("optional"),
  client,
  clientScope,
  audienceMapper,
  userClientRoleMapper,
  attachedClientScopes("default"),
  attachedClientScopes("optional"),
  role,
  roleMapper,
  group,
  groupRoles,
  clientPolicyProfile,
  clientPolicy,
  identityProvider,
];

/** The resource types that the embedded provider implements, by name. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  types.map((type) => [type.name, type]),
);
