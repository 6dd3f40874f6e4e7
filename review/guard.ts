import type { Limits } from "../configuration/environment.ts";
import { quoted } from "../text/quoted.ts";
import type { Losses } from "./losses.ts";
import type { Subject } from "./review.ts";
import { sorted } from "./values.ts";

/** What somebody asked for in so many words, in a commit's trailers or as options. */
export interface Allowed {
  /** `Allow-removal`: what may be deleted, a customer by its id, others with their kind before the name. */
  readonly removals: readonly string[];
  /** `Allow-replacement`: what may be deleted and made anew, named in the same way. */
  readonly replacements: readonly string[];
  /** `Allow-many`: how many customers may be removed or suspended at once. */
  readonly many: number;
}

/** Nothing asked for. */
export const nothingAllowed: Allowed = { removals: [], replacements: [], many: 0 };

/** Something that the guard rails stop. */
export interface Refusal {
  /** Which rail it is. */
  readonly code: "removal" | "not-suspended" | "replacement" | "adoption" | "many" | "empty";
  /** What the change does, without the names. */
  readonly what: string;
  /** Whom or what it is about: customers by id, others with their kind before the name. */
  readonly names: readonly string[];
  /** What to do instead. */
  readonly instead: string;
  /** The trailers that overrule it, all of them together. */
  readonly trailers: readonly string[];
}

/** What the guard rails say. */
export interface Verdict {
  /** What is stopped. */
  readonly refused: readonly Refusal[];
  /** What would be stopped, had nobody asked for it. */
  readonly overruled: readonly Refusal[];
}

/** Judges what a change takes away. */
export function guard(losses: Losses, limits: Limits, allowed: Allowed): Verdict {
  const removals = new Set(allowed.removals.map(normal));
  const replacements = new Set(allowed.replacements.map(normal));
  const refused: Refusal[] = [];
  const overruled: Refusal[] = [];
  const each = (
    rail: Pick<Refusal, "code" | "what" | "instead">,
    key: "Allow-removal" | "Allow-replacement",
    names: readonly string[],
  ) => {
    const asked = key === "Allow-removal" ? removals : replacements;
    const split = (list: Refusal[], isAsked: boolean) => {
      const some = sorted(names.filter((name) => asked.has(normal(name)) === isAsked));
      const trailers = some.map((name) => `${key}: ${name}`);
      if (some.length > 0) list.push({ ...rail, names: some, trailers });
    };
    split(refused, false);
    split(overruled, true);
  };
  each(rails.removal, "Allow-removal", losses.gone.map(subjectText));
  each(
    rails.notSuspended,
    "Allow-removal",
    losses.removed.filter(({ suspended }) => !suspended).map(({ id }) => id),
  );
  each(rails.replacement, "Allow-replacement", replacedNames(losses, replacements));
  each(rails.adoption, "Allow-replacement", losses.adopted);
  const many = tooMany(losses, limits);
  if (many) (allowed.many < many.names.length ? refused : overruled).push(many);
  return { refused, overruled };
}

const rails = {
  removal: {
    code: "removal",
    what: "deletes a realm, API, frontend or scope",
    instead: "leave it declared",
  },
  notSuspended: {
    code: "not-suspended",
    what: "deletes customers that are not suspended",
    instead: "suspend first (enabled: false), deploy that, then remove",
  },
  replacement: {
    code: "replacement",
    what: "deletes and makes anew (a client gets another secret)",
    instead: "keep the constructs' ids and the realm's name",
  },
  adoption: {
    code: "adoption",
    what: "takes over clients that Keycloak has and terraform's state has not (each gets another secret)",
    instead: "restore the state from its backup",
  },
} as const;

/** A realm that is made anew takes everything in it with it: naming the realm is naming that. */
function replacedNames({ replaced }: Losses, asked: ReadonlySet<string>): string[] {
  const realm = replaced.find(({ kind }) => kind === "realm");
  const named = realm && asked.has(normal(subjectText(realm)));
  return (named ? [realm] : replaced).map(subjectText);
}

function tooMany(losses: Losses, { customers, percent }: Limits): Refusal | undefined {
  const { customersBefore: before, customersAfter: after } = losses;
  const ids = [...losses.removed.map(({ id }) => id), ...losses.suspended];
  const names = sorted(new Set(ids));
  const count = names.length;
  const trailers = [`Allow-many: ${count}`];
  if (after === 0 && before > 0 && losses.removed.length > 0) {
    const what = `leaves no customer at all, of ${before}`;
    return { code: "empty", what, names, instead: "restore the entries", trailers };
  }
  const share = (count * 100) / before;
  // one customer is named by whoever removes or suspends it: that is no accident
  if (count < 2 || (count <= customers && share <= percent)) return undefined;
  const limit = count > customers ? `more than ${customers}` : `more than ${percent} %`;
  const what = `removes or suspends ${count} of ${before} customers at once, ${limit}`;
  return { code: "many", what, names, instead: "do it in smaller steps", trailers };
}

/** How a trailer names something: a customer by its id alone, so that no trailer can mean two things. */
export function subjectText({ kind, name }: Subject): string {
  return kind === "customer" || kind === "other" ? name : `${kind} ${name}`;
}

function normal(name: string): string {
  return name
    .trim()
    .replace(/^(realm|api|frontend|scope)\s+/i, (kind) => `${kind.trim().toLowerCase()} `);
}

const mostNames = 50;

/** Refusals as text: what is refused, whom it is about, and the words that overrule it. */
export function refusalText({ refused }: Verdict): string {
  const lines = refused.flatMap(({ what, names, instead, trailers }) => [
    `  ${what}: ${some(
      names.map((name) => quoted(name)),
      ", ",
    )}`,
    `    ${instead}; or say that it is meant, with a trailer in a commit or the same as an option:`,
    ...trailers.slice(0, mostNames).map((trailer) => `      ${trailer}   ${optionText(trailer)}`),
    ...(trailers.length > mostNames ? [`      and ${trailers.length - mostNames} more`] : []),
  ]);
  const count = refused.length === 1 ? "1 guard rail" : `${refused.length} guard rails`;
  return [`refused by ${count}`, ...lines].join("\n");
}

function some(texts: readonly string[], separator: string): string {
  const more = texts.length > mostNames ? ` and ${texts.length - mostNames} more` : "";
  return texts.slice(0, mostNames).join(separator) + more;
}

function optionText(trailer: string): string {
  const [, key = "", value = ""] = /^([^:]+): (.*)$/s.exec(trailer) ?? [];
  const bare = /^[\w:.-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
  return `--${key.toLowerCase()} ${bare}`;
}
