import type { ResourceChange } from "../../../../operations/terraform/plan.ts";
import { planned } from "../synthesized-sides.ts";
import { api } from "./plans.ts";

type Values = Readonly<Record<string, unknown>>;

/**
 * Resources of one API with two roles, and of groups, as Terraform finds them in Keycloak: by ids. They do not change, except those that a
 * test names by their address without `keycloak_`.
 */
const resources: Readonly<Record<string, Values>> = {
  "openid_client.api": { ...api("atlas-api"), id: "uuid-api" },
  "openid_client_scope.roles": { id: "uuid-scope", name: "atlas-api-roles" },
  "openid_client_scope.read": { id: "uuid-scope-read", name: "orders:read" },
  "openid_user_client_role_protocol_mapper.roles": {
    ...{ id: "uuid-mapper", client_scope_id: "uuid-scope", name: "atlas-api-roles" },
    ...{ claim_name: "permissions", add_to_access_token: true },
    client_id_for_role_mappings: "atlas-api",
  },
  "role.read": { id: "uuid-read", client_id: "uuid-api", name: "orders:read", composite_roles: [] },
  "role.write": { id: "uuid-write", client_id: "uuid-api", name: "orders:write" },
  "role.clerk": role("clerk", ["uuid-read"]),
  "role.manager": role("manager", ["uuid-read", "uuid-write"]),
  "role.auditor": role("auditor", ["uuid-read"]),
  "role.all": role("all-permissions", ["uuid-read", "uuid-write"]),
  "generic_role_mapper.all": {
    ...{ id: "uuid-mapping", client_scope_id: "uuid-scope", role_id: "uuid-all-permissions" },
  },
  "group.sales": { id: "uuid-sales", name: "sales", parent_id: "" },
  "group.clerks": { id: "uuid-clerks", name: "clerks", parent_id: "uuid-sales" },
  "group_roles.sales": list("uuid-sales", []),
  "group_roles.clerks": list("uuid-clerks", ["uuid-clerk", "uuid-auditor"]),
};

function role(name: string, composite_roles: readonly string[]): Values {
  return { id: `uuid-${name}`, client_id: "uuid-api", name, composite_roles };
}

function list(group_id: string, role_ids: readonly string[]): Values {
  return { id: `atlas/${group_id}`, group_id, role_ids, exhaustive: true };
}

/** Changes of resources by address: new values, or actions with the marks of unknown values. */
export type Changes = Readonly<
  Record<
    string,
    | { readonly to: Values; readonly unknown?: Values; readonly by?: readonly string[] }
    | { readonly by: readonly string[] }
  >
>;

/** The plan with changes to some of the resources, and with others that are created or were created by hand. */
export function peoplePlan(
  changes: Changes,
  ...others: readonly ResourceChange[]
): ResourceChange[] {
  return [
    ...Object.entries(resources).map(([name, before]) => {
      const { by = ["update"], ...more } = changes[name] ?? { by: ["no-op"] };
      const isCreated = by.includes("create");
      const after = "to" in more ? { ...before, ...more.to } : before;
      const isEnded = by.includes("delete") && !isCreated;
      const marks = "unknown" in more ? { after_unknown: more.unknown } : {};
      return planned(`keycloak_${name}`, by, before, isEnded ? null : after, marks);
    }),
    ...others,
  ];
}
