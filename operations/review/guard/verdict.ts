import type { Limits } from "../../../configuration/environment.ts";
import type { Allowed, Trailer } from "./allowed.ts";
import type { CountedLoss, NamedRail } from "./losses/loss.ts";

interface Refused {
  /** The affected entities: customers by id, everything else with its kind before the name. */
  readonly names: readonly string[];
  /** The trailer that overrides it. */
  readonly trailer: Trailer;
}

/** A refusal of each loss by its name. */
export interface NamedRefusal extends Refused {
  readonly code: NamedRail;
}

/** The affected ones of several entities, as numbers. */
export interface Affected {
  readonly affected: number;
  /** The number of all of them before. */
  readonly before: number;
}

/** A refusal because of the number of affected customers, roles and groups. */
export interface CountRefusal extends Refused {
  /** `many`: too many at once; `empty`: no customer is left. */
  readonly code: "many" | "empty";
  /** The affected ones by what happens to them. A customer may be affected in several ways. */
  readonly groups: Readonly<Record<CountedLoss["effect"], readonly string[]>>;
  readonly customers: Affected;
  /** Roles and groups. */
  readonly people: Affected;
  /** The limits that applied. */
  readonly limits: Limits;
}

/** Refusal of a guard rail. */
export type Refusal = NamedRefusal | CountRefusal;

/** Commit whose trailer overrides a guard rail. */
export interface OverridingCommit {
  /** The full hash. */
  readonly commit: string;
  /** The name of its author. */
  readonly author: string;
}

/** Origin of an override: the trailer of a commit, or an option of the command. */
export type OverrideSource = OverridingCommit | "option";

/** A refusal that is explicitly allowed. */
export type Override = Refusal & { readonly by: readonly OverrideSource[] };

/** The result of all guard rails. */
export interface Verdict {
  /** Refusals that stop the change. */
  readonly refused: readonly Refusal[];
  /** Refusals that are explicitly allowed. */
  readonly overridden: readonly Override[];
}

/** The verdict on something that loses nothing. */
export const nothingRefused: Verdict = { refused: [], overridden: [] };

/** Rules of the guard. */
export interface Rails {
  readonly limits: Limits;
  /** Overrides by options: they cover everything that they name. */
  readonly allowed: Allowed;
  /** The losses that a commit's trailer covers, by the keys of a loss. */
  readonly trailers?: ReadonlyMap<string, OverridingCommit>;
}
