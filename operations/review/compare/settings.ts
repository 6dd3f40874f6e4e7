import { resourceDifferences } from "./customers.ts";
import type { ResourceAddedOrRemoved, SettingChange, Subject } from "./declaration-change.ts";
import { accessScopeNames, type DeclaredResource, type PairedSides, type Side } from "./pairs.ts";
import { subjectKey } from "./subject.ts";
import { differences } from "./values.ts";

/** Changed settings of resources that stay, except those of customers and except access. */
export function settingChanges({ base, head, pairs }: PairedSides): SettingChange[] {
  const scopes = [accessScopeNames(base?.declaration), accessScopeNames(head.declaration)] as const;
  return pairs
    .flatMap(({ before, after }) => {
      if (!before || !after || after.subject.kind === "customer") return [];
      const { subject, address } = after;
      return resourceDifferences(before.values, after.values, scopes).map((change) => ({
        subject,
        address,
        ...change,
      }));
    })
    .sort(bySubject);
}

/** Changes of the provider, its settings, and the state backend. */
export function surroundingChanges(base: Side, head: Side): SettingChange[] {
  return differences(base.surroundings, head.surroundings).map((change) => {
    const [name = ""] = change.attribute.split(".");
    return { subject: { kind: "other", name }, address: name, ...change };
  });
}

/** Resources that are added or removed, except those of customers and of entities that are added or removed as a whole. */
export function otherResources({ base, head, pairs }: PairedSides): ResourceAddedOrRemoved[] {
  const [before, after] = [reportedSubjects(base), reportedSubjects(head)];
  const list = (resources: readonly DeclaredResource[], change: "added" | "removed") =>
    resources.map(({ address, subject }) => ({ address, subject, change }));
  const isUnreported =
    (own: ReadonlySet<string>, others: ReadonlySet<string>) =>
    ({ subject }: DeclaredResource) => {
      const key = subjectKey(subject);
      return subject.kind !== "customer" && !(own.has(key) && !others.has(key));
    };
  const removed = pairs.flatMap((pair) => (pair.before && !pair.after ? [pair.before] : []));
  const added = pairs.flatMap((pair) => (pair.after && !pair.before ? [pair.after] : []));
  return [
    ...list(removed.filter(isUnreported(before, after)), "removed"),
    ...list(added.filter(isUnreported(after, before)), "added"),
  ].sort(bySubject);
}

/** APIs, frontends and access scopes of a side, which are reported by name. */
function reportedSubjects(side: Side | undefined): ReadonlySet<string> {
  const { apis = {}, frontends = {} } = side?.declaration ?? {};
  const subjects: Subject[] = [
    ...Object.keys(apis).map((name) => ({ kind: "API" as const, name })),
    ...Object.keys(frontends).map((name) => ({ kind: "frontend" as const, name })),
    ...[...accessScopeNames(side?.declaration)].map((name) => ({ kind: "scope" as const, name })),
  ];
  return new Set(subjects.map(subjectKey));
}

const order = ["realm", "API", "frontend", "scope", "customer", "other"];

function bySubject<T extends { subject: Subject; address: string }>(a: T, b: T): number {
  return order.indexOf(a.subject.kind) - order.indexOf(b.subject.kind) || byAddress(a, b);
}

function byAddress(a: { address: string }, b: { address: string }): number {
  if (a.address === b.address) return 0;
  return a.address < b.address ? -1 : 1;
}
