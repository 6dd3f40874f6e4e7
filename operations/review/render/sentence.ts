import { audienceScopeName } from "../../../constructs/names/audience-scope-name.ts";
import { rolesScopeName } from "../../../constructs/names/roles-scope-name.ts";
import { plural } from "../../../text/plural.ts";
import { isEmpty } from "../compare/compare.ts";
import type { DeclarationChange } from "../compare/declaration-change.ts";
import { type Entity, entityKey, roleName } from "../compare/resources/entity.ts";
import { code } from "./escape.ts";

/** The whole change in one sentence, with its names as Markdown code. */
export function sentence(change: DeclarationChange): string {
  if (isEmpty(change)) return "Nothing changes in the declaration.";
  const { customers, apis, frontends, authentication } = change;
  const issuers = (isNew: boolean) =>
    authentication.issuers.filter(({ from, to }) => (isNew ? to !== null : to === null && from));
  const [gain, lose] = [gaining(customers.access), losing(customers.access)];
  const clauses = [
    change.realmBefore === null ? `declares the realm ${code(change.realm)}` : "",
    clause("recreates", "resource", change.replaced),
    clause("removes", "API", apis.removed),
    clause("removes", "frontend", frontends.removed),
    clause("removes", "customer", customers.removed),
    clause("suspends", "customer", customers.suspended),
    clause(
      "renames",
      "customer",
      customers.renamed.map(({ from }) => ({ id: from })),
    ),
    clause("adds", "customer", customers.added),
    clause("resumes", "customer", customers.resumed),
    clause("gives more access to", "customer", gain),
    clause("takes access from", "customer", lose),
    clause("changes the credentials of", "customer", customers.credentials),
    clause("changes the name or contact of", "customer", customers.changed),
    clause("adds", "API", apis.added),
    clause("changes the permissions of", "API", apis.changed),
    clause("adds", "frontend", frontends.added),
    clause("changes the access of", "frontend", frontends.changed),
    clause("trusts", "issuer", issuers(true)),
    clause("no longer trusts", "issuer", issuers(false)),
    clause(
      "changes the demanded authentication of",
      "permission",
      authentication.requirements.map(({ permission }) => ({ name: permission })),
    ),
    ...peopleClauses(change),
    settingsClause(change),
  ].filter((text) => text !== "");
  const text = joined(clauses);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function peopleClauses({ roles, groups }: DeclarationChange): string[] {
  const ofRoles = (list: DeclarationChange["roles"]["changed"]) =>
    list.map(({ api, role }) => ({ id: roleName(api, role) }));
  const ofGroups = (list: DeclarationChange["groups"]["changed"]) =>
    list.map(({ path }) => ({ id: path }));
  return [
    clause("removes", "role", ofRoles(roles.removed)),
    clause("adds", "role", ofRoles(roles.added)),
    clause("gives more permissions to", "role", ofRoles(gaining(roles.changed))),
    clause("takes permissions from", "role", ofRoles(losing(roles.changed))),
    clause("removes", "group", ofGroups(groups.removed)),
    clause("adds", "group", ofGroups(groups.added)),
    clause("gives more roles to", "group", ofGroups(gaining(groups.changed))),
    clause("takes roles from", "group", ofGroups(losing(groups.changed))),
  ];
}

function gaining<T extends { readonly gained: readonly unknown[] }>(list: readonly T[]): T[] {
  return list.filter(({ gained }) => gained.length > 0);
}

function losing<T extends { readonly lost: readonly unknown[] }>(list: readonly T[]): T[] {
  return list.filter(({ lost }) => lost.length > 0);
}

function settingsClause(change: DeclarationChange): string {
  if (change.realmBefore === null) return "";
  const { customers, settings, otherResources } = change;
  const named = namedEntities(change);
  const resources = otherResources.filter(
    ({ entity, address }) =>
      !named.has(entityKey(entity)) &&
      !isOfNamedApi(entity, change) &&
      !isOfNamedAuthentication(address, change),
  );
  const others = [...settings, ...resources].map(({ entity: { kind, name } }) =>
    kind === "other" ? code(name) : `the ${kind} ${code(name)}`,
  );
  const ofCode = customers.settings.length > 0 ? ["customers' clients"] : [];
  const entities = [...new Set([...others, ...ofCode])];
  if (entities.length === 0) return "";
  const list = entities.length > 3 ? plural(entities.length, "resource") : joined(entities);
  return `changes settings of ${list}`;
}

/** Whether something is a role of an API that is named, because the API, its permissions or all its roles come or go. */
function isOfNamedApi({ kind, name }: Entity, change: DeclarationChange): boolean {
  return kind === "role" && apisWithRoles(change).some((api) => name.startsWith(roleName(api, "")));
}

/** Whether a resource comes or goes with a trusted issuer, or with what a permission demands. */
function isOfNamedAuthentication(address: string, { authentication }: DeclarationChange): boolean {
  const { issuers, requirements } = authentication;
  const isOf = (type: string) => address.startsWith(`keycloak_${type}`);
  return (
    (issuers.length > 0 && isOf("oidc_identity_provider.")) ||
    (requirements.length > 0 && isOf("realm_client_policy_profile"))
  );
}

/** The APIs that come or go, or whose permissions or first roles do. */
function apisWithRoles({ apis, roles }: DeclarationChange): string[] {
  const changed = [...apis.added, ...apis.removed, ...apis.changed].map(({ id }) => id);
  return [...changed, ...roles.needed, ...roles.noLongerNeeded];
}

/** The entities that other clauses name: APIs, frontends, roles and groups that come or go, with their scopes. */
function namedEntities(change: DeclarationChange): ReadonlySet<string> {
  const { apis, frontends, roles, groups } = change;
  const wholes = [...apis.added, ...apis.removed];
  const scopes = [
    ...wholes.flatMap(({ id, permissions }) => [audienceScopeName(id), ...permissions]),
    ...apis.changed.flatMap(({ added, removed }) => [...added, ...removed]),
    ...apisWithRoles(change).map(rolesScopeName),
  ];
  const entities: Entity[] = [
    ...wholes.map(({ id }) => ({ kind: "API" as const, name: id })),
    ...[...frontends.added, ...frontends.removed].map(({ id }) => ({
      ...{ kind: "frontend" as const, name: id },
    })),
    ...scopes.map((name) => ({ kind: "scope" as const, name })),
    ...[...roles.added, ...roles.removed].map(({ api, role }) => ({
      ...{ kind: "role" as const, name: roleName(api, role) },
    })),
    ...[...groups.added, ...groups.removed].map(({ path }) => ({
      ...{ kind: "group" as const, name: path },
    })),
  ];
  return new Set(entities.map(entityKey));
}

function clause(
  verb: string,
  noun: string,
  list: readonly ({ readonly id: string } | { readonly name: string })[],
): string {
  if (list.length === 0) return "";
  const names = list.slice(0, 3).map((each) => code("id" in each ? each.id : each.name));
  return list.length > 3
    ? `${verb} ${plural(list.length, noun)}`
    : `${verb} the ${list.length === 1 ? noun : `${noun}s`} ${joined(names)}`;
}

/** A list in a sentence: `a, b and c`. */
function joined(texts: readonly string[]): string {
  return texts.length < 2
    ? texts.join("")
    : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1) ?? ""}`;
}
