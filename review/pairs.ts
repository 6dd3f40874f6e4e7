import type { RealmDeclaration } from "../constructs/declaration.ts";
import type { ResourceArguments, Synthesis } from "../terraform/synthesize.ts";
import type { Subject } from "./review.ts";
import { reference, subjectOf, typeOf } from "./subject.ts";
import { without } from "./values.ts";

/** A synthesized declaration, or the part of it that a review looks at. */
export type Side = Omit<Synthesis, "folder">;

/** A resource of one side. */
export interface Part {
  readonly address: string;
  readonly type: string;
  /** What it is, or what it belongs to. */
  readonly subject: Subject;
  /** Its arguments, references to others as the names of those. */
  readonly values: ResourceArguments;
}

/** A resource before and after; one of the two is absent where it comes or goes. */
export interface Pair {
  readonly before?: Part;
  readonly after?: Part;
}

/** The resources of a side by address. */
export function partsOf({ resources }: Side): ReadonlyMap<string, Part> {
  const direct = new Map(
    Object.entries(resources).map(([address, values]) => [
      address,
      subjectOf(address, typeOf(address), values),
    ]),
  );
  const named = (_: string, address: string, attribute: string) => {
    const value = resources[address]?.[attribute];
    if (typeof value === "string" && !value.includes("${")) return value;
    const subject = direct.get(address);
    return subject ? `${subject.kind} ${subject.name}` : `${address}.${attribute}`;
  };
  return new Map(
    Object.entries(resources).map(([address, all]) => {
      const values = without(all, "depends_on");
      const own = direct.get(address) ?? other(address);
      const subject = own.kind === "other" ? (ownerOf(all, direct) ?? own) : own;
      const resolved = JSON.parse(JSON.stringify(values), (_key, value: unknown) =>
        typeof value === "string" ? value.replace(reference, named) : value,
      ) as ResourceArguments;
      return [address, { address, type: typeOf(address), subject, values: resolved }];
    }),
  );
}

/** A list of scopes belongs to its client or to the realm. */
function ownerOf(
  { client_id, realm_id }: ResourceArguments,
  subjects: ReadonlyMap<string, Subject>,
): Subject | undefined {
  const owner = client_id ?? realm_id;
  if (typeof owner !== "string") return undefined;
  return subjects.get(new RegExp(reference.source).exec(owner)?.[1] ?? "");
}

/** Pairs what is at the same address, was moved, or is the same thing at another address. */
export function pairs(base: Side | undefined, head: Side): Pair[] {
  const before = base ? partsOf(base) : new Map<string, Part>();
  const after = partsOf(head);
  const moved = new Map(head.moved.map(({ from, to }) => [from, to]));
  const left = new Map([...after]);
  const unpaired: Part[] = [];
  const found: Pair[] = [];
  for (const part of before.values()) {
    const to = moved.get(part.address) ?? part.address;
    const same = left.get(to);
    if (same) {
      found.push({ before: part, after: same });
      left.delete(to);
    } else unpaired.push(part);
  }
  const byIdentity = new Map([...left.values()].map((part) => [identity(part), part]));
  for (const part of unpaired) {
    const same = byIdentity.get(identity(part));
    if (same) left.delete(same.address);
    found.push(same ? { before: part, after: same } : { before: part });
  }
  return [...found, ...[...left.values()].map((part) => ({ after: part }))];
}

/** True where terraform would destroy one and create the other. */
export function isReadressed({ before, after }: Pair, head: Side): boolean {
  if (!before || !after || before.address === after.address) return false;
  return !head.moved.some(({ from, to }) => from === before.address && to === after.address);
}

function identity({ type, subject }: Part): string {
  return JSON.stringify([type, subject.kind, subject.name]);
}

function other(name: string): Subject {
  return { kind: "other", name };
}

/** The client scopes that give access, by their names: each is said as access, not as a setting. */
export function accessScopeNames(declaration: RealmDeclaration | undefined): ReadonlySet<string> {
  const apis = Object.entries(declaration?.apis ?? {});
  return new Set(apis.flatMap(([id, permissions]) => [`${id}-audience`, ...permissions]));
}
