import { accessChange } from "./access.ts";
import { reviewCustomers } from "./customers.ts";
import { isReadressed, type Pair, pairs, type Side } from "./pairs.ts";
import type { ApisReview, FrontendsReview, Replacement, Review, Subject } from "./review.ts";
import { partChanges, settingChanges, surroundingChanges } from "./settings.ts";
import { subjectKey } from "./subject.ts";
import { sorted } from "./values.ts";

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
  const { customers, apis, frontends } = change;
  const lists: readonly (readonly unknown[])[] = [
    ...[customers.added, customers.suspended, customers.resumed, customers.removed],
    ...[customers.changed, customers.access, customers.settings],
    ...[apis.added, apis.removed, apis.changed],
    ...[frontends.added, frontends.removed, frontends.changed],
    ...[change.settings, change.parts, change.replaced],
  ];
  return change.realm === change.realmBefore && lists.every((list) => list.length === 0);
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
