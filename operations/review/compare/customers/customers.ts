import { mixedWords } from "../../../../configuration/customer-name.ts";
import { hasExpired } from "../../../../configuration/customers/expiry.ts";
import { scopeListType } from "../../../../constructs/names/resource-types.ts";
import { accessChange } from "./access.ts";
import { type Client, countCustomers, type PairedClients, type StayingClient } from "../clients.ts";
import { credentialArguments, hasVersionOfMethod, reportedArguments } from "./credentials.ts";
import { credentialChanges } from "./credential-changes.ts";
import type { CustomersChange, CustomerSettingChange } from "../declaration-change.ts";
import { realmLifespans } from "./lifespans.ts";
import type { DeclaredResource, PairedSides } from "../resources/pairs.ts";
import { differences, sorted, type ValueChange } from "../values.ts";

/** Compares the customers of two declarations, as their resources declare them. */
export function customersChange(
  sides: PairedSides,
  { added, removed, staying }: PairedClients,
  today: string,
): CustomersChange {
  const switched = (enabled: boolean) =>
    staying
      .filter(
        ({ before, after }) => before.entry.enabled !== enabled && after.entry.enabled === enabled,
      )
      .map(({ after }) => after.entry);
  return {
    before: countCustomers(sides, "before"),
    after: countCustomers(sides, "after"),
    added: added.map(({ entry }) => entry),
    suspended: switched(false),
    resumed: switched(true),
    removed: removed.map(({ entry }) => entry),
    renamed: staying.flatMap(({ before, after }) => {
      const from = clientIdOf(before);
      return from === clientIdOf(after) ? [] : [{ id: after.entry.id, from }];
    }),
    changed: staying.flatMap(({ before, after }) => nameAndContact(before, after)),
    mixedScripts: [
      ...added.map(({ entry }) => entry),
      ...staying.flatMap(({ before, after }) =>
        before.entry.name === after.entry.name ? [] : [after.entry],
      ),
    ].flatMap(({ id, name }) => mixedWords(name).map((mixed) => ({ id, ...mixed }))),
    access: staying.flatMap(({ before, after }) => {
      const { id, access } = after.entry;
      return accessChange(id, before.entry.access, access) ?? [];
    }),
    credentials: staying.flatMap(({ before: { entry }, after: { entry: now } }) => {
      const changes = credentialChanges(entry.credentials, now.credentials);
      const [before, after] = [entry.credentials, now.credentials];
      const hasEnded = hasExpired(after.expires ?? undefined, today);
      return changes.length > 0 ? [{ id: now.id, before, after, changes, hasEnded }] : [];
    }),
    realmLifespans: realmLifespans(sides.pairs),
    rotationOverlap: sides.head.declaration.rotationOverlap ?? null,
    settings: grouped([
      ...staying.flatMap(changedSettings),
      ...unusualSettings(
        added,
        staying.map(({ after }) => after),
      ),
    ]),
  };
}

function clientIdOf({ resource }: Client): string {
  return String(resource.values.client_id);
}

function nameAndContact({ entry: before }: Client, { entry: after }: Client) {
  const changes = (["name", "contact"] as const)
    .filter((attribute) => before[attribute] !== after[attribute])
    .map((attribute) => ({ attribute, from: before[attribute], to: after[attribute] }));
  return changes.length > 0 ? [{ id: after.id, changes }] : [];
}

/** A changed setting of one customer. */
type Setting = ValueChange & { readonly type: string; readonly customer: string };

/** The changes that name, contact, suspension, access and credentials do not already report. */
function changedSettings({ before, after, lists }: StayingClient): Setting[] {
  const [old, now] = [before.entry, after.entry];
  const reported = [
    ...(old.name === now.name ? [] : ["name"]),
    ...(old.contact === now.contact ? [] : ["extra_config.contact"]),
    ...(old.enabled === now.enabled ? [] : ["enabled"]),
    ...(clientIdOf(before) === clientIdOf(after) ? [] : ["client_id"]),
    ...reportedArguments(old.credentials, now.credentials),
  ];
  return [
    ...between(before.resource, after.resource, now.id, reported),
    ...lists.flatMap((list) => between(list.before, list.after, now.id, ["default_scopes"])),
    ...otherScopes(before, after),
  ];
}

/**
 * The settings in which added customers differ from those that stay. If none stays, all settings of the first one, and those in which
 * the others differ from it.
 */
function unusualSettings(added: readonly Client[], staying: readonly Client[]): Setting[] {
  const [first] = added;
  const usual = staying[0] ?? first;
  if (!first || !usual) return [];
  const { type } = first.resource;
  const ofFirst = differences({}, first.resource.values)
    .filter(({ attribute }) => !ofOneCustomer.includes(attribute))
    .map((change) => ({ ...change, type, customer: first.entry.id }));
  const unusual = added.flatMap((client) => [
    ...between(usual.resource, client.resource, client.entry.id, ofOneCustomer),
    ...client.lists.flatMap((list) => {
      const usualList = usual.lists.find((each) => each.type === list.type) ?? list;
      return between(usualList, list, client.entry.id, ["default_scopes", "client_id"]);
    }),
    ...otherScopes(usual, client),
  ]);
  return staying.length > 0 ? unusual : [...ofFirst, ...unusual];
}

/** Attributes that every customer has its own values of. */
const ofOneCustomer: readonly string[] = [
  ...["client_id", "name", "extra_config.contact", "enabled"],
  ...credentialArguments,
];

function between(
  before: DeclaredResource,
  after: DeclaredResource,
  customer: string,
  without: readonly string[],
): Setting[] {
  const reported = [before, after].every(({ values }) => hasVersionOfMethod(values))
    ? [...without, "client_secret_wo_version"]
    : without;
  return differences(before.values, after.values)
    .filter(({ attribute }) => !reported.includes(attribute))
    .map((change) => ({ ...change, type: after.type, customer }));
}

function otherScopes(before: Client, after: Client): Setting[] {
  const [old, now] = [before, after].map(({ otherScopes: scopes }) => ({ default_scopes: scopes }));
  const customer = after.entry.id;
  return differences(old, now).map((change) => ({ ...change, type: scopeListType, customer }));
}

/** Puts customers with the same change together. */
function grouped(settings: readonly Setting[]): CustomerSettingChange[] {
  const groups = new Map<string, { change: Omit<Setting, "customer">; customers: string[] }>();
  for (const { customer, ...change } of settings) {
    const key = JSON.stringify([change.type, change.attribute, change.from, change.to]);
    const group = groups.get(key) ?? { change, customers: [] };
    group.customers.push(customer);
    groups.set(key, group);
  }
  return sorted(groups.keys()).flatMap((key) => {
    const group = groups.get(key);
    return group ? [{ ...group.change, customers: sorted(group.customers) }] : [];
  });
}
