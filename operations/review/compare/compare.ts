import type { Access } from "../../../constructs/declaration.ts";
import { accessChange } from "./access.ts";
import { customersChange } from "./customers.ts";
import type {
  ApisChange,
  DeclarationChange,
  FrontendsChange,
  Replacement,
  Subject,
} from "./declaration-change.ts";
import { isReaddressed, type PairedSides } from "./pairs.ts";
import { otherResources, settingChanges, surroundingChanges } from "./settings.ts";
import { entityTypes, subjectKey } from "./subject.ts";
import { sorted } from "./values.ts";

/** Compares two synthesized declarations. */
export function compareDeclarations(sides: PairedSides): DeclarationChange {
  const { base, head } = sides;
  const [before, after] = [base?.declaration, head.declaration];
  return {
    realm: after.realm,
    realmBefore: before?.realm ?? null,
    customers: customersChange(sides),
    apis: apisChange(before?.apis ?? {}, after.apis),
    frontends: frontendsChange(before?.frontends ?? {}, after.frontends),
    settings: base ? [...settingChanges(sides), ...surroundingChanges(base, head)] : [],
    otherResources: base ? otherResources(sides) : [],
    replaced: base ? replacements(sides) : [],
  };
}

/** Whether nothing changes at all. */
export function isEmpty(change: DeclarationChange): boolean {
  const { customers, apis, frontends } = change;
  const lists: readonly (readonly unknown[])[] = [
    ...[customers.added, customers.suspended, customers.resumed, customers.removed],
    ...[customers.changed, customers.access, customers.settings],
    ...[apis.added, apis.removed, apis.changed],
    ...[frontends.added, frontends.removed, frontends.changed],
    ...[change.settings, change.otherResources, change.replaced],
  ];
  return change.realm === change.realmBefore && lists.every((list) => list.length === 0);
}

function apisChange(before: Access, after: Access): ApisChange {
  const missing = (apis: Access, others: Access) =>
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
  return { added: missing(after, before), removed: missing(before, after), changed };
}

type Frontends = Readonly<Record<string, Access>>;

function frontendsChange(before: Frontends, after: Frontends): FrontendsChange {
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

function replacements(sides: PairedSides): Replacement[] {
  const { base, head, pairs } = sides;
  const readdressed = pairs.flatMap((pair) =>
    pair.before && isReaddressed(pair, sides) ? [pair.before] : [],
  );
  const entities = readdressed.filter(({ type }) => entityTypes.has(type));
  const isRealmRecreated =
    base?.declaration.realm !== head.declaration.realm ||
    entities.some(({ subject }) => subject.kind === "realm");
  if (isRealmRecreated) {
    const everything = pairs.flatMap(({ before, after }) =>
      before && after && entityTypes.has(before.type) ? [before.subject] : [],
    );
    return sortedSubjects(everything).map((subject) => ({ ...subject, because: "realm" }));
  }
  const recreated = new Set(entities.map(({ subject }) => subjectKey(subject)));
  // if only a client's list of scopes gets a new address, the client may end up without scopes
  const lists = readdressed
    .filter(({ type }) => type === "keycloak_openid_client_default_scopes")
    .filter(({ subject }) => !recreated.has(subjectKey(subject)))
    .map(({ address }): Subject => ({ kind: "other", name: address }));
  const subjects = [...entities.map(({ subject }) => subject), ...lists];
  return sortedSubjects(subjects).map((subject) => ({ ...subject, because: "address" }));
}

function sortedSubjects(subjects: readonly Subject[]): Subject[] {
  return [...subjects].sort((a, b) => (subjectKey(a) < subjectKey(b) ? -1 : 1));
}
