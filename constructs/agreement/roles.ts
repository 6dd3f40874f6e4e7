import { listed } from "../../text/did-you-mean.ts";
import type { PlacedProblem } from "../../text/findings/problem-list.ts";
import { quoted } from "../../text/quoted.ts";
import { permissionsClaim } from "../names/permissions-claim.ts";
import type { RealmDeclaration } from "../declaration.ts";
import { allPermissionsRole } from "../names/reserved-names.ts";
import {
  clientType,
  groupRolesType,
  roleMapperType,
  roleScopeType,
  roleType,
  scopeType,
} from "../names/resource-types.ts";
import { rolesScopeName } from "../names/roles-scope-name.ts";
import { addedTo, tooMuch } from "./scopes.ts";
import {
  constructPath,
  type SynthesizedResource,
  type SynthesizedStack,
} from "./synthesized-stack.ts";

/**
 * Problems of the roles of APIs. A role is a composite of exactly its permissions. The scope of an API's roles has one mapper, and
 * the mapping of all permissions and nothing else.
 */
export function rolesProblems(
  stack: SynthesizedStack,
  { apis, roles = {} }: RealmDeclaration,
): PlacedProblem[] {
  const ofApis = Object.entries(roles).flatMap(([api, permissionsOf]) => {
    const permissions = apis[api] ?? [];
    const declared: readonly (readonly [string, readonly string[]])[] = [
      ...permissions.map((name) => [name, []] as const),
      [allPermissionsRole, permissions],
      ...Object.entries(permissionsOf),
    ];
    const ofApi = stack.ofType(roleType).filter((role) => apiOf(role, stack) === api);
    return [
      ...ofApi
        .filter(({ values }) => declared.every(([name]) => name !== values.name))
        .map((role) => ({
          place: constructPath(role),
          message: `the role is one of ${api}, but not declared; add it to the roles of its BackendClient`,
        })),
      ...otherUses(stack, ofApi, api),
      ...declared.flatMap(([name, granted]) => {
        const found = ofApi.filter((role) => role.values.name === name);
        return found.length === 1
          ? found.flatMap((role) => roleProblems(role, granted, stack, api))
          : [{ place: api, message: `the role ${quoted(name)} is declared ${found.length} times` }];
      }),
      ...scopeProblems(stack, api),
    ];
  });
  return [...ofApis, ...(Object.keys(roles).length > 0 ? otherWriters(stack) : [])];
}

/** Mappers of `main.ts` that write the claim themselves. */
function otherWriters(stack: SynthesizedStack): PlacedProblem[] {
  return stack
    .withArgument("claim_name", permissionsClaim)
    .filter(({ type }) => type !== roleMapperType)
    .map((each) => ({
      place: constructPath(each),
      message: `writes the claim "${permissionsClaim}", which only roles may; choose another claim`,
    }));
}

/** Resources that give a role of an API to somebody else than a group. */
function otherUses(
  stack: SynthesizedStack,
  ofApi: readonly SynthesizedResource[],
  api: string,
): PlacedProblem[] {
  const uses = ofApi.flatMap((role) => stack.referringTo(role));
  const isOwn = (each: SynthesizedResource) =>
    ofApi.includes(each) || each.type === roleScopeType || each.type === groupRolesType;
  const byName = stack
    .ofType("keycloak_default_roles")
    .filter(({ values }) => JSON.stringify(values.default_roles ?? []).includes(`"${api}/`));
  return [...new Set([...uses.filter((each) => !isOwn(each)), ...byName])].map((each) => ({
    place: constructPath(each),
    message: `gives roles of ${api}, which is not declared; declare a group with a GroupRoles`,
  }));
}

/** The client id of the API that a role belongs to; undefined if it is a role of something else. */
export function apiOf({ values }: SynthesizedResource, stack: SynthesizedStack): unknown {
  const client = stack.withId(values.client_id);
  return client?.type === clientType ? client.values.client_id : undefined;
}

function roleProblems(
  role: SynthesizedResource,
  declared: readonly string[],
  stack: SynthesizedStack,
  api: string,
): PlacedProblem[] {
  const place = constructPath(role);
  const granted = idsIn(role.values.composite_roles).map((id) => nameIn(api, id, stack));
  return differs(granted, declared)
    ? [{ place, message: `the role grants ${listed(granted) || "nothing"}, not what is declared` }]
    : [];
}

function scopeProblems(stack: SynthesizedStack, api: string): PlacedProblem[] {
  const scope = stack.ofType(scopeType).find(({ values }) => values.name === rolesScopeName(api));
  if (!scope) return [{ place: api, message: "the API has roles, but no client scope for them" }];
  const place = constructPath(scope);
  const added = addedTo(scope, stack);
  const isMapper = ({ type, values }: SynthesizedResource) =>
    type === roleMapperType &&
    stack.resolved(values.client_id_for_role_mappings) === api &&
    values.claim_name === permissionsClaim &&
    values.client_role_prefix === undefined &&
    values.multivalued === true &&
    values.add_to_access_token !== false;
  const mapped = added
    .filter(({ type }) => type === roleScopeType)
    .map(({ values }) => nameIn(api, values.role_id, stack));
  return [
    ...(added.filter(isMapper).length === 1
      ? []
      : [{ place, message: `the scope does not add the claim "${permissionsClaim}" of ${api}` }]),
    ...(differs(mapped, [allPermissionsRole])
      ? [
          {
            place,
            message: `tokens may show ${listed(mapped) || "no role"}, not ${api}'s permissions`,
          },
        ]
      : []),
    ...tooMuch(added.filter((each) => !isMapper(each) && each.type !== roleScopeType)),
  ];
}

/** The ids in a list of roles; none if there is no list. */
export function idsIn(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : [];
}

/** The name of a role of an API, from a reference to its id; the reference itself if it is another role. */
function nameIn(api: string, id: unknown, stack: SynthesizedStack): string {
  const role = stack.withId(id);
  return String(role && apiOf(role, stack) === api ? role.values.name : id);
}

/** Whether two lists without an order have other members. */
export function differs(actual: readonly string[], declared: readonly string[]): boolean {
  return JSON.stringify([...actual].sort()) !== JSON.stringify([...declared].sort());
}
