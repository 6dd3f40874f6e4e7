import type { CustomerDeclaration } from "../constructs/declaration.ts";
import { accessChange } from "./access.ts";
import { accessScopeNames, type Pair, type Side } from "./pairs.ts";
import type {
  AccessChange,
  CustomerEntry,
  CustomerSettingChange,
  CustomersReview,
  ValueChange,
} from "./review.ts";
import { differences, sorted } from "./values.ts";

type Customers = Readonly<Record<string, CustomerDeclaration>>;

/** What happens to the customers. */
export function reviewCustomers(
  base: Side | undefined,
  head: Side,
  pairs: readonly Pair[],
): CustomersReview {
  const before = base?.declaration.customers ?? {};
  const after = head.declaration.customers;
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
    changed: staying.flatMap((entry) => renamed(entry, before[entry.id])),
    access: staying.flatMap((entry) => regranted(entry, before[entry.id])),
    settings: settingChanges(base, head, pairs),
  };
}

function entries(customers: Customers): CustomerEntry[] {
  return sorted(Object.keys(customers)).flatMap((id) => {
    const customer = customers[id];
    return customer ? [{ id, ...customer }] : [];
  });
}

function renamed(entry: CustomerEntry, before: CustomerDeclaration | undefined) {
  const changes = (["name", "contact"] as const)
    .filter((attribute) => entry[attribute] !== before?.[attribute])
    .map((attribute) => ({
      attribute,
      from: before?.[attribute] ?? null,
      to: entry[attribute],
    }));
  return changes.length > 0 ? [{ id: entry.id, changes }] : [];
}

function regranted(
  { id, access }: CustomerEntry,
  before: CustomerDeclaration | undefined,
): AccessChange[] {
  const change = accessChange(id, before?.access ?? {}, access);
  return change ? [change] : [];
}

/** What `customers.yaml` says is reviewed as that; here is what the code does to its clients. */
const fromFile = new Set(["client_id", "name", "enabled", "extra_config.contact"]);

function settingChanges(
  base: Side | undefined,
  head: Side,
  pairs: readonly Pair[],
): CustomerSettingChange[] {
  const scopes = [accessScopeNames(base?.declaration), accessScopeNames(head.declaration)] as const;
  const groups = new Map<string, CustomerSettingChange & { readonly customers: string[] }>();
  for (const { before, after } of pairs) {
    if (!before || after?.subject.kind !== "customer") continue;
    const changes = partDifferences(before.values, after.values, scopes).filter(
      ({ attribute }) => !fromFile.has(attribute),
    );
    for (const change of changes) {
      const key = JSON.stringify(change);
      const group = groups.get(key) ?? { ...change, customers: [] };
      group.customers.push(after.subject.name);
      groups.set(key, group);
    }
  }
  return sorted(groups.keys()).flatMap((key) => {
    const group = groups.get(key);
    return group ? [{ ...group, customers: sorted(group.customers) }] : [];
  });
}

/** What differs between two resources, but for the scopes that give access, which are reviewed as access. */
export function partDifferences(
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
