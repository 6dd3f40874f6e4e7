import type { Limits } from "../../../configuration/environment.ts";
import type { Entity } from "../compare/entity.ts";
import { sorted } from "../compare/values.ts";
import type { Allowed } from "./allowed.ts";
import type { Losses } from "./losses.ts";

/** Guard rails that refuse each loss by its name. */
type NamedRail = "removal" | "not-suspended" | "replacement" | "adoption";

/** A trailer of a commit, which is also an option: `Allow-removal: acme` and `--allow-removal acme`. */
export interface Trailer {
  readonly key: "Allow-removal" | "Allow-replacement" | "Allow-many";
  readonly value: string;
}

interface Refused {
  /** The affected entities: customers by id, everything else with its kind before the name. */
  readonly names: readonly string[];
  /** The trailers that override it, all of them together. */
  readonly trailers: readonly Trailer[];
}

/** A refusal of each loss by its name. */
export interface NamedRefusal extends Refused {
  readonly code: NamedRail;
}

/** A refusal because of the number of affected customers. */
export interface CountRefusal extends Refused {
  /** `many`: too many customers at once; `empty`: no customer is left. */
  readonly code: "many" | "empty";
  /** The number of customers before. */
  readonly customersBefore: number;
  /** The limits that applied. */
  readonly limits: Limits;
}

/** Refusal of a guard rail. */
export type Refusal = NamedRefusal | CountRefusal;

/** The result of all guard rails. */
export interface Verdict {
  /** Refusals that stop the change. */
  readonly refused: readonly Refusal[];
  /** Refusals that are explicitly allowed. */
  readonly overridden: readonly Refusal[];
}

/** The verdict on something that loses nothing. */
export const nothingRefused: Verdict = { refused: [], overridden: [] };

/** Checks losses against the guard rails. */
export function guard(losses: Losses, limits: Limits, allowed: Allowed): Verdict {
  const removals = new Set(allowed.removals.map(normal));
  const replacements = new Set(allowed.replacements.map(normal));
  const notSuspended = losses.removed.filter(({ suspended }) => !suspended).map(({ id }) => id);
  const verdicts = [
    byName("removal", "Allow-removal", losses.gone.map(entityName), removals),
    byName("not-suspended", "Allow-removal", notSuspended, removals),
    byName("replacement", "Allow-replacement", replacedNames(losses, replacements), replacements),
    byName("adoption", "Allow-replacement", losses.adopted.map(entityName), replacements),
    byCount(losses, limits, allowed.many),
  ];
  return {
    refused: verdicts.flatMap(({ refused }) => refused),
    overridden: verdicts.flatMap(({ overridden }) => overridden),
  };
}

function byName(
  code: NamedRail,
  key: Trailer["key"],
  names: readonly string[],
  allowed: ReadonlySet<string>,
): Verdict {
  const refusal = (isAllowed: boolean): NamedRefusal[] => {
    const some = sorted(names.filter((name) => allowed.has(normal(name)) === isAllowed));
    const trailers = some.map((value) => ({ key, value }));
    return some.length > 0 ? [{ code, names: some, trailers }] : [];
  };
  return { refused: refusal(false), overridden: refusal(true) };
}

/** A recreated realm recreates everything in it, so a trailer for the realm covers all of it. */
function replacedNames({ replaced }: Losses, allowed: ReadonlySet<string>): string[] {
  const realm = replaced.find(({ kind }) => kind === "realm");
  const isRealmAllowed = realm && allowed.has(normal(entityName(realm)));
  return (isRealmAllowed ? [realm] : replaced).map(entityName);
}

function byCount(losses: Losses, limits: Limits, allowed: number): Verdict {
  const refusal = tooMany(losses, limits);
  if (!refusal) return nothingRefused;
  return allowed < refusal.names.length
    ? { refused: [refusal], overridden: [] }
    : { refused: [], overridden: [refusal] };
}

function tooMany(losses: Losses, limits: Limits): CountRefusal | undefined {
  const { customersBefore, customersAfter } = losses;
  const ids = [...losses.removed.map(({ id }) => id), ...losses.suspended];
  const names = sorted(new Set(ids));
  const trailers: Trailer[] = [{ key: "Allow-many", value: String(names.length) }];
  const found = { names, trailers, customersBefore, limits };
  if (customersAfter === 0 && customersBefore > 0 && losses.removed.length > 0)
    return { code: "empty", ...found };
  const percent = (names.length * 100) / customersBefore;
  // a single customer is never too many: its removal or suspension names it, so it is no accident
  if (names.length < 2 || (names.length <= limits.customers && percent <= limits.percent))
    return undefined;
  return { code: "many", ...found };
}

/** Name of something in a trailer: a customer by its id only, so that no trailer can mean two things. */
export function entityName({ kind, name }: Entity): string {
  return kind === "customer" || kind === "other" ? name : `${kind} ${name}`;
}

function normal(name: string): string {
  return name
    .trim()
    .replace(/^(realm|api|frontend|scope)\s+/i, (kind) => `${kind.trim().toLowerCase()} `);
}
