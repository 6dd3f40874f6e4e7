import { listed } from "../../text/did-you-mean.ts";
import { scopesOfCustomers } from "../names/reserved-names.ts";
import type { PlacedProblem } from "../../text/findings/problem-list.ts";
import { quoted } from "../../text/quoted.ts";
import type { Access, RealmDeclaration } from "../declaration.ts";
import { audienceScopeName } from "../names/audience-scope-name.ts";
import { rolesScopeName } from "../names/roles-scope-name.ts";
import { clientType, managedRealmTypes, scopeListType } from "../names/resource-types.ts";
import { customerProblems } from "./customer.ts";
import { groupProblems } from "./groups.ts";
import { rolesProblems } from "./roles.ts";
import { scopeProblems } from "./scopes.ts";
import {
  constructPath,
  type SynthesizedResource,
  type SynthesizedResources,
  SynthesizedStack,
} from "./synthesized-stack.ts";

/**
 * Problems of resources that give clients something else than the declaration says. Commands show and verify the declaration, but
 * Terraform deploys the resources.
 *
 * @returns the problems, each with the path of its construct; none if both agree
 */
export function agreementProblems(
  resources: SynthesizedResources,
  declaration: RealmDeclaration,
): PlacedProblem[] {
  const stack = new SynthesizedStack(resources);
  return [
    ...clientProblems(stack, declaration),
    ...realmProblems(stack, declaration),
    ...scopeProblems(stack, declaration.apis),
    ...rolesProblems(stack, declaration),
    ...groupProblems(stack, declaration),
  ];
}

/**
 * Problems of the resources of a stack that has nothing but customers.
 *
 * @param declaration the declaration, with the customers of this stack only
 */
export function customerAgreementProblems(
  resources: SynthesizedResources,
  declaration: RealmDeclaration,
): PlacedProblem[] {
  return clientProblems(
    new SynthesizedStack(resources),
    declaration,
    Object.keys(declaration.customers),
  );
}

function clientProblems(
  stack: SynthesizedStack,
  declaration: RealmDeclaration,
  ids = clientIds(declaration),
): PlacedProblem[] {
  const clients = stack.ofType(clientType);
  return [
    ...clients.flatMap((client) =>
      problemsOf(client, stack, declaration).map((message) => ({
        ...{ place: constructPath(client), message },
      })),
    ),
    ...countProblems(clients, declaration.realm, ids),
  ];
}

function clientIds({ apis, frontends, customers }: RealmDeclaration): string[] {
  return [...Object.keys(apis), ...Object.keys(frontends), ...Object.keys(customers)];
}

function problemsOf(
  client: SynthesizedResource,
  stack: SynthesizedStack,
  { customers, frontends, apis, roles = {}, existing = false }: RealmDeclaration,
): string[] {
  const id = String(client.values.client_id);
  const lists = stack.referringTo(client).filter(({ type }) => type === scopeListType);
  const scopes = lists.flatMap(({ values }) => textsIn(values.default_scopes, stack));
  const access = accessOf({ customers, frontends }, id);
  const known = [...scopesOf(apis), ...Object.keys(roles).map(rolesScopeName)];
  const ofPeople = Object.keys(ownValue(frontends, id) ?? {}).filter((api) =>
    Object.hasOwn(roles, api),
  );
  const problems = differences(
    id,
    scopes.filter((scope) => known.includes(scope)),
    [...scopesOf(access), ...ofPeople.map(rolesScopeName)],
  );
  const customer = ownValue(customers, id);
  if (!customer) return problems;
  return [
    ...problems,
    ...differences(
      id,
      scopes.filter((scope) => !known.includes(scope)),
      scopesOfCustomers,
    ),
    ...customerProblems(client, customer, stack, existing),
  ];
}

/** The access that the declaration gives a client: none if it is no customer and no frontend. */
function accessOf(
  { customers, frontends }: Pick<RealmDeclaration, "customers" | "frontends">,
  id: string,
): Access {
  return ownValue(customers, id)?.access ?? ownValue(frontends, id) ?? {};
}

function scopesOf(access: Access): string[] {
  return Object.entries(access).flatMap(([api, permissions]) => [
    ...[audienceScopeName(api), ...permissions],
  ]);
}

function differences(id: string, scopes: readonly string[], declared: readonly string[]): string[] {
  const extra = scopes.filter((scope) => !declared.includes(scope));
  const missing = declared.filter((scope) => !scopes.includes(scope));
  const client = `the client ${quoted(id)}`;
  return [
    ...(extra.length > 0 ? [`${client} has ${listed(extra)}, which is not declared`] : []),
    ...(missing.length > 0 ? [`${client} lacks ${listed(missing)}, which is declared`] : []),
  ];
}

/** Every declared client is one resource. */
function countProblems(
  clients: readonly SynthesizedResource[],
  realm: string,
  ids: readonly string[],
): PlacedProblem[] {
  const counts = new Map<string, number>();
  for (const { values } of clients) {
    const id = String(values.client_id);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return ids
    .map((id) => ({ id, count: counts.get(id) ?? 0 }))
    .filter(({ count }) => count !== 1)
    .map(({ id, count }) => ({
      place: realm,
      message: `the client ${quoted(id)} is declared, but ${count === 0 ? "no resource has" : `${count} resources have`} this client id`,
    }));
}

function realmProblems(
  stack: SynthesizedStack,
  { realm: name, existing = false }: RealmDeclaration,
): PlacedProblem[] {
  if (existing) {
    const message =
      'manages the realm itself, although it is declared with "existing: true"; it would reset every setting that it does not name';
    return managedRealmTypes
      .flatMap((type) => stack.ofType(type))
      .map((resource) => ({ place: constructPath(resource), message }));
  }
  return stack
    .ofType("keycloak_realm")
    .filter(({ values }) => values.realm !== name)
    .map((realm) => ({
      place: constructPath(realm),
      message: `the realm is ${quoted(realm.values.realm)}, but ${quoted(name)} is declared`,
    }));
}

function textsIn(list: unknown, stack: SynthesizedStack): string[] {
  return Array.isArray(list) ? list.map((each) => String(stack.resolved(each))) : [];
}

function ownValue<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}
