import { partDifferences } from "./customers.ts";
import { accessScopeNames, type Pair, type Part, type Side } from "./pairs.ts";
import type { Review, SettingChange, Subject } from "./review.ts";
import { subjectKey } from "./subject.ts";
import { differences } from "./values.ts";

/** What changes in parts that stay, but for customers and access. */
export function settingChanges(base: Side, head: Side, found: readonly Pair[]): SettingChange[] {
  const scopes = [accessScopeNames(base.declaration), accessScopeNames(head.declaration)] as const;
  return found
    .flatMap(({ before, after }) => {
      if (!before || !after || after.subject.kind === "customer") return [];
      const { subject, address } = after;
      return partDifferences(before.values, after.values, scopes).map((change) => ({
        subject,
        address,
        ...change,
      }));
    })
    .sort(bySubject);
}

/** Where Keycloak and terraform's state are, and which provider talks to it. */
export function surroundingChanges(base: Side, head: Side): SettingChange[] {
  return differences(base.surroundings, head.surroundings).map((change) => {
    const [part = ""] = change.attribute.split(".");
    return { subject: { kind: "other", name: part }, address: part, ...change };
  });
}

/** Parts of customers, and of APIs and frontends that come or go, are said with those. */
export function partChanges(base: Side, head: Side, found: readonly Pair[]): Review["parts"] {
  const [before, after] = [said(base), said(head)];
  const list = (parts: readonly Part[], change: "added" | "removed") =>
    parts.map(({ address, subject }) => ({ address, subject, change }));
  const unsaid = (names: ReadonlySet<string>, others: ReadonlySet<string>) => (part: Part) => {
    const key = subjectKey(part.subject);
    return part.subject.kind !== "customer" && !(names.has(key) && !others.has(key));
  };
  const gone = found.flatMap((pair) => (pair.before && !pair.after ? [pair.before] : []));
  const come = found.flatMap((pair) => (pair.after && !pair.before ? [pair.after] : []));
  return [
    ...list(gone.filter(unsaid(before, after)), "removed"),
    ...list(come.filter(unsaid(after, before)), "added"),
  ].sort(bySubject);
}

function said({ declaration }: Side): ReadonlySet<string> {
  const subjects: Subject[] = [
    ...Object.keys(declaration.apis).map((name) => ({ kind: "API" as const, name })),
    ...Object.keys(declaration.frontends).map((name) => ({ kind: "frontend" as const, name })),
    ...[...accessScopeNames(declaration)].map((name) => ({ kind: "scope" as const, name })),
  ];
  return new Set(subjects.map(subjectKey));
}

const order = ["realm", "API", "frontend", "scope", "customer", "other"];

function bySubject<T extends { subject: Subject; address: string }>(a: T, b: T): number {
  return order.indexOf(a.subject.kind) - order.indexOf(b.subject.kind) || compare(a, b);
}

function compare(a: { address: string }, b: { address: string }): number {
  if (a.address === b.address) return 0;
  return a.address < b.address ? -1 : 1;
}
