import type { Customer, IdentifiedCustomer } from "../../../constructs/declaration.ts";
import { accessChange } from "./access.ts";
import type {
  AccessChange,
  CustomersChange,
  CustomerSettingChange,
  ValueChange,
} from "./declaration-change.ts";
import { accessScopeNames, type PairedSides } from "./pairs.ts";
import { differences, sorted } from "./values.ts";

type Customers = Readonly<Record<string, Customer>>;

/** Compares the customers of two declarations. */
export function customersChange(sides: PairedSides): CustomersChange {
  const before = sides.base?.declaration.customers ?? {};
  const after = sides.head.declaration.customers;
  const stays = (id: string) => Object.hasOwn(before, id);
  const staying = entries(after).filter(({ id }) => stays(id));
  const switched = (enabled: boolean) =>
    staying.filter((entry) => entry.enabled === enabled && before[entry.id]?.enabled !== enabled);
  return {
    before: Object.keys(before).length,
    after: Object.keys(after).length,
    added: entries(after).filter(({ id }) => !stays(id)),
    suspended: switched(false),
    resumed: switched(true),
    removed: entries(before).filter(({ id }) => !Object.hasOwn(after, id)),
    changed: staying.flatMap((entry) => nameAndContact(entry, before[entry.id])),
    access: staying.flatMap((entry) => accessOf(entry, before[entry.id])),
    settings: settingChanges(sides),
  };
}

function entries(customers: Customers): IdentifiedCustomer[] {
  return sorted(Object.keys(customers)).flatMap((id) => {
    const customer = customers[id];
    return customer ? [{ id, ...customer }] : [];
  });
}

function nameAndContact(entry: IdentifiedCustomer, before: Customer | undefined) {
  const changes = (["name", "contact"] as const)
    .filter((attribute) => entry[attribute] !== before?.[attribute])
    .map((attribute) => ({
      attribute,
      from: before?.[attribute] ?? null,
      to: entry[attribute],
    }));
  return changes.length > 0 ? [{ id: entry.id, changes }] : [];
}

function accessOf(
  { id, access }: IdentifiedCustomer,
  before: Customer | undefined,
): AccessChange[] {
  const change = accessChange(id, before?.access ?? {}, access);
  return change ? [change] : [];
}

/** Attributes whose values come from `customers.yaml` and are reported as such. */
const fromFile = new Set(["client_id", "name", "enabled", "extra_config.contact"]);

/** Settings that the code changes in the clients of customers that stay. */
function settingChanges({ base, head, pairs }: PairedSides): CustomerSettingChange[] {
  const scopes = [accessScopeNames(base?.declaration), accessScopeNames(head.declaration)] as const;
  const groups = new Map<string, CustomerSettingChange & { readonly customers: string[] }>();
  for (const { before, after } of pairs) {
    if (!before || after?.entity.kind !== "customer") continue;
    const changes = resourceDifferences(before.values, after.values, scopes).filter(
      ({ attribute }) => !fromFile.has(attribute),
    );
    for (const change of changes) {
      const key = JSON.stringify(change);
      const group = groups.get(key) ?? { ...change, customers: [] };
      group.customers.push(after.entity.name);
      groups.set(key, group);
    }
  }
  return sorted(groups.keys()).flatMap((key) => {
    const group = groups.get(key);
    return group ? [{ ...group, customers: sorted(group.customers) }] : [];
  });
}

/** Differences between two resources, without the scopes that give access: those are reported as access. */
export function resourceDifferences(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  [scopesBefore, scopesAfter]: readonly [ReadonlySet<string>, ReadonlySet<string>],
): ValueChange[] {
  return differences(withoutAccess(before, scopesBefore), withoutAccess(after, scopesAfter));
}

function withoutAccess(
  values: Readonly<Record<string, unknown>>,
  scopes: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const list: unknown = values.default_scopes;
  if (!Array.isArray(list)) return values;
  const others = list.filter((name) => typeof name !== "string" || !scopes.has(name));
  return { ...values, default_scopes: others };
}
