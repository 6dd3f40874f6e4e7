import { visible } from "../../../text/visible.ts";

/** Trailers that override a guard rail by the names of what is lost. */
export const namedTrailers = [
  "Allow-removal",
  "Allow-replacement",
  "Allow-new-secret",
  "Allow-redirect",
] as const;

/** Trailer that overrides a guard rail by names. */
export type NamedTrailer = (typeof namedTrailers)[number];

/** Every trailer that overrides a guard rail. */
export const trailerKeys = [...namedTrailers, "Allow-many"] as const;

/**
 * A trailer of a commit, which is also an option: `Allow-removal: acme, globex` and `--allow-removal 'acme, globex'`. The value
 * lists names, or for `Allow-many` it is a number.
 */
export interface Trailer {
  readonly key: (typeof trailerKeys)[number];
  readonly value: string;
}

/** Explicit overrides of guard rails: those of a commit's trailers, or of a command's options. */
export interface Allowed {
  /** Keys of {@link nameKey}. */
  readonly names: ReadonlySet<string>;
  /** Number of customers, roles and groups that may be affected at once; 0 if none is given. */
  readonly many: number;
}

/** Overrides of nothing. */
export const nothingAllowed: Allowed = { names: new Set(), many: 0 };

/** Overrides by trailers. Of several numbers the largest one counts. */
export function allowedBy(trailers: readonly Trailer[]): Allowed {
  const names = trailers.flatMap(({ key, value }) =>
    // the whole value too, because the name of a permission may contain a comma
    key === "Allow-many" ? [] : [value, ...value.split(",")].map((name) => nameKey(key, name)),
  );
  const numbers = trailers.filter(({ key, value }) => key === "Allow-many" && isCount(value));
  return {
    names: new Set(names),
    many: Math.max(0, ...numbers.map(({ value }) => Number(value))),
  };
}

/** Whether a text is a number, as `Allow-many` has it. */
export function isCount(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

/**
 * Key of a name in a trailer. Invisible characters of a name are written as escapes, as the refusal shows them. The kind before a name
 * may have any case.
 */
export function nameKey(trailer: NamedTrailer, name: string): string {
  const text = visible(name).trim();
  const kind = /^(realm|api|frontend|scope|role|group)\s+/i;
  return `${trailer}: ${text.replace(kind, (found) => `${found.trim().toLowerCase()} `)}`;
}
