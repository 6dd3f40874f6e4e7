import { accessChange } from "./access.ts";
import { partDifferences, reviewCustomers } from "./customers.ts";
import { accessScopeNames, isReadressed, type Pair, pairs, type Part, type Side } from "./pairs.ts";
import type {
  ApisReview,
  FrontendsReview,
  Replacement,
  Review,
  SettingChange,
  Subject,
} from "./review.ts";
import { differences, sorted } from "./values.ts";

/** What the change from one synthesized declaration to another does; without a first one everything is new. */
export function review(base: Side | undefined, head: Side): Review {
  const found = pairs(base, head);
  const { realm } = head.declaration;
  return {
    realm,
    realmBefore: base?.declaration.realm ?? null,
    customers: reviewCustomers(base, head, found),
    apis: reviewApis(base, head),
    frontends: reviewFrontends(base, head),
    settings: base ? [...settingChanges(base, head, found), ...surroundingChanges(base, head)] : [],
    parts: base ? partChanges(base, head, found) : [],
    replaced: base ? replacements(base, head, found) : [],
  };
}

/** True if nothing changes at all. */
export function isEmpty(change: Review): boolean {
  const { before: _, after: __, ...lists } = change.customers;
  const all = [lists, change.apis, change.frontends].flatMap((part) => Object.values(part));
  return (
    [...all, change.settings, change.parts, change.replaced].every((list) => list.length === 0) &&
    change.realm === change.realmBefore
  );
}

function reviewApis(base: Side | undefined, head: Side): ApisReview {
  const [before, after] = [base?.declaration.apis ?? {}, head.declaration.apis];
  const list = (apis: typeof after, others: typeof after) =>
    sorted(Object.keys(apis))
      .filter((id) => !Object.hasOwn(others, id))
      .map((id) => ({ id, permissions: sorted(apis[id] ?? []) }));
  const changed = sorted(Object.keys(after)).flatMap((id) => {
    if (!Object.hasOwn(before, id)) return [];
    const [old, now] = [before[id] ?? [], after[id] ?? []];
    const added = sorted(now.filter((name) => !old.includes(name)));
    const removed = sorted(old.filter((name) => !now.includes(name)));
    return added.length + removed.length > 0 ? [{ id, added, removed }] : [];
  });
  return { added: list(after, before), removed: list(before, after), changed };
}

function reviewFrontends(base: Side | undefined, head: Side): FrontendsReview {
  const [before, after] = [base?.declaration.frontends ?? {}, head.declaration.frontends];
  const changes = (ids: readonly string[]) =>
    sorted(ids).map(
      (id) => accessChange(id, before[id] ?? {}, after[id] ?? {}) ?? { id, gained: [], lost: [] },
    );
  const [old, now] = [Object.keys(before), Object.keys(after)];
  return {
    added: changes(now.filter((id) => !old.includes(id))),
    removed: changes(old.filter((id) => !now.includes(id))),
    changed: changes(now.filter((id) => old.includes(id))).filter(
      ({ gained, lost }) => gained.length + lost.length > 0,
    ),
  };
}

function settingChanges(base: Side, head: Side, found: readonly Pair[]): SettingChange[] {
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
function surroundingChanges(base: Side, head: Side): SettingChange[] {
  return differences(base.surroundings, head.surroundings).map((change) => {
    const [part = ""] = change.attribute.split(".");
    return { subject: { kind: "other", name: part }, address: part, ...change };
  });
}

/** Parts of customers, and of APIs and frontends that come or go, are said with those. */
function partChanges(base: Side, head: Side, found: readonly Pair[]): Review["parts"] {
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

function replacements(base: Side, head: Side, found: readonly Pair[]): Replacement[] {
  const readdressed = found.flatMap((pair) =>
    pair.before && isReadressed(pair, head) ? [pair.before] : [],
  );
  const owners = readdressed.filter(({ type }) => ownerTypes.has(type));
  const replaced = new Set(owners.map(({ subject }) => subjectKey(subject)));
  // a client whose list of scopes alone moves can end with none
  const lists = readdressed
    .filter(({ type }) => type === "keycloak_openid_client_default_scopes")
    .filter(({ subject }) => !replaced.has(subjectKey(subject)))
    .map(({ address }): Subject => ({ kind: "other", name: address }));
  const anew =
    base.declaration.realm !== head.declaration.realm ||
    owners.some(({ subject }) => subject.kind === "realm");
  const all = found.flatMap(({ before, after }) =>
    before && after && ownerTypes.has(before.type) ? [before.subject] : [],
  );
  const subjects = anew ? all : [...owners.map(({ subject }) => subject), ...lists];
  const because = anew ? "the realm is made anew" : "its address changes";
  return subjects
    .map((subject) => ({ ...subject, because }) as const)
    .sort((a, b) => (subjectKey(a) < subjectKey(b) ? -1 : 1));
}

const ownerTypes = new Set([
  "keycloak_realm",
  "keycloak_openid_client",
  "keycloak_openid_client_scope",
]);

function subjectKey({ kind, name }: Subject): string {
  return `${kind} ${name}`;
}

const order = ["realm", "API", "frontend", "scope", "customer", "other"];

function bySubject<T extends { subject: Subject; address: string }>(a: T, b: T): number {
  return order.indexOf(a.subject.kind) - order.indexOf(b.subject.kind) || compare(a, b);
}

function compare(a: { address: string }, b: { address: string }): number {
  if (a.address === b.address) return 0;
  return a.address < b.address ? -1 : 1;
}
