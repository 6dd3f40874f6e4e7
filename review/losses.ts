import type { Kind, Review, Subject } from "./review.ts";

/** What a change takes away, in the terms of the guard rails: from a review or from terraform's plan alike. */
export interface Losses {
  /** How many customers there are before. */
  readonly customersBefore: number;
  /** How many there are after. */
  readonly customersAfter: number;
  /** Customers that are deleted, and whether they were suspended before. */
  readonly removed: readonly { readonly id: string; readonly suspended: boolean }[];
  /** Customers that are suspended now and were not. */
  readonly suspended: readonly string[];
  /** Realms, APIs, frontends and scopes that are deleted, or lose their name. */
  readonly gone: readonly Subject[];
  /** What is deleted and made anew. */
  readonly replaced: readonly Subject[];
  /** Customers whose client is taken over though it may be in use. */
  readonly adopted: readonly string[];
}

/** What a review says is taken away. */
export function lossesOfReview({ customers, apis, frontends, parts, replaced }: Review): Losses {
  const permissions = [
    ...apis.removed.flatMap((api) => api.permissions),
    ...apis.changed.flatMap((api) => api.removed),
  ];
  return {
    customersBefore: customers.before,
    customersAfter: customers.after,
    removed: customers.removed.map(({ id, enabled }) => ({ id, suspended: !enabled })),
    suspended: customers.suspended.map(({ id }) => id),
    gone: folded([
      ...parts.filter(({ change }) => change === "removed").map(({ subject }) => subject),
      ...apis.removed.map(({ id }): Subject => ({ kind: "API", name: id })),
      ...frontends.removed.map(({ id }): Subject => ({ kind: "frontend", name: id })),
      ...permissions.map((name): Subject => ({ kind: "scope", name })),
    ]).filter(({ kind }) => guarded.has(kind)),
    replaced: folded(replaced),
    adopted: [],
  };
}

/** What either of two takes away. A customer was suspended before only if both say so. */
export function lossesOfBoth(a: Losses, b: Losses): Losses {
  const removed = new Map(a.removed.map(({ id, suspended }) => [id, suspended]));
  for (const { id, suspended } of b.removed)
    removed.set(id, suspended && removed.get(id) !== false);
  return {
    customersBefore: Math.max(a.customersBefore, b.customersBefore),
    customersAfter: Math.min(a.customersAfter, b.customersAfter),
    removed: [...removed].map(([id, suspended]) => ({ id, suspended })),
    suspended: [...new Set([...a.suspended, ...b.suspended])],
    gone: folded([...a.gone, ...b.gone]),
    replaced: folded([...a.replaced, ...b.replaced]),
    adopted: [...new Set([...a.adopted, ...b.adopted])],
  };
}

/** What nobody deletes without saying so. */
export const guarded: ReadonlySet<Kind> = new Set(["realm", "API", "frontend", "scope"]);

/** Each once, in a stable order, and an API's audience scope only where the API itself is not there. */
export function folded(subjects: readonly Subject[]): Subject[] {
  const unique = new Map(subjects.map(({ kind, name }) => [`${kind} ${name}`, { kind, name }]));
  const ofApi = ({ kind, name }: Subject) =>
    kind === "scope" && name.endsWith("-audience") && unique.has(`API ${name.slice(0, -9)}`);
  return [...unique]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, subject]) => subject)
    .filter((subject) => !ofApi(subject));
}
