import { clientType } from "../../../constructs/names/resource-types.ts";
import { identical } from "../../review/compare/values.ts";
import { type ResourceArguments, resourcesOfType } from "../../terraform/synthesis/stack-json.ts";
import type { Synthesis } from "../../terraform/synthesis/synthesize.ts";

/** The resources of a shard, by address. */
type Resources = Readonly<Record<string, ResourceArguments>>;

/**
 * The resources of a shard that a change concerns: those that differ from the base, the clients of some customers, and everything that refers to
 * them or that they refer to.
 *
 * @param customers the ids of customers that the plan has to look at, even if they do not differ from the base
 * @returns their addresses, for terraform's `-target`; undefined if the change may concern the whole shard
 * @see docs/adr/0035-plans-of-what-differs.md
 */
export function targetsIn(
  shard: number,
  { before, after }: { readonly before: Synthesis; readonly after: Synthesis },
  customers: readonly string[],
): readonly string[] | undefined {
  const [base, head] = [resourcesOf(shard, before), resourcesOf(shard, after)];
  if (!base || !head) return undefined;
  const moved = after.moved.filter(({ to }) => Object.hasOwn(head, to));
  const changed = [
    ...differing(base, head),
    ...[base, head].flatMap((side) => clientsOf(side, customers)),
    ...moved.map(({ to }) => to),
  ];
  const concerned = connected(changed, [base, head]);
  const isPart = concerned.size > 0 && Object.keys(head).some((address) => !concerned.has(address));
  return isPart ? [...new Set([...concerned, ...moved.map(({ from }) => from)])] : undefined;
}

/** The resources of a shard; undefined if it has other blocks too, whose references nobody looks at. */
function resourcesOf(shard: number, { stacks, resources }: Synthesis): Resources | undefined {
  const stack = stacks.find((each) => each.shard === shard);
  if (!stack?.hasOnlyResources) return undefined;
  return Object.fromEntries(stack.addresses.map((address) => [address, resources[address] ?? {}]));
}

function differing(base: Resources, head: Resources): string[] {
  const all = new Set([...Object.keys(base), ...Object.keys(head)]);
  return [...all].filter((address) => !identical(base[address], head[address]));
}

function clientsOf(resources: Resources, customers: readonly string[]): string[] {
  return resourcesOfType(resources, clientType)
    .filter(([, { client_id: id }]) => customers.includes(String(id)))
    .map(([address]) => address);
}

/** Some resources, with all that are connected with them by references. */
function connected(addresses: readonly string[], sides: readonly Resources[]): Set<string> {
  const links = new Map<string, string[]>();
  const link = (from: string, to: string) => links.set(from, [...(links.get(from) ?? []), to]);
  for (const resources of sides)
    for (const [address, values] of Object.entries(resources))
      for (const other of new Set(JSON.stringify(values).match(anyAddress)))
        if (sides.some((side) => Object.hasOwn(side, other))) {
          link(address, other);
          link(other, address);
        }
  const found = new Set(addresses);
  // a set also visits what is added meanwhile
  for (const address of found) for (const other of links.get(address) ?? []) found.add(other);
  return found;
}

const anyAddress = /[a-z]\w*\.[\w-]+/g;
