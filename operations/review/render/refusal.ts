import { plural } from "../../../text/plural.ts";
import { quoted } from "../../../text/quoted.ts";
import type { CountRefusal, Refusal, Trailer, Verdict } from "../guard/guard.ts";

/** The text of a refusal. */
export interface RefusalText {
  /** The refused change, without the names: `recreates resources`. */
  readonly what: string;
  /** The alternative: `keep its declaration`. */
  readonly instead: string;
}

/** Text of a refusal, without names and trailers, for Markdown and the terminal. */
export function describeRefusal(refusal: Refusal): RefusalText {
  switch (refusal.code) {
    case "many":
      return { what: countText(refusal), instead: "do it in smaller steps" };
    case "empty": {
      const what = `removes all ${plural(refusal.customersBefore, "customer")}`;
      return { what, instead: "restore the entries" };
    }
    default:
      return texts[refusal.code];
  }
}

const texts = {
  removal: {
    what: "deletes a realm, API, frontend or scope",
    instead: "keep its declaration",
  },
  "not-suspended": {
    what: "deletes customers that are not suspended",
    instead: "suspend first (enabled: false), deploy that, then remove",
  },
  replacement: {
    what: "recreates resources (a client gets a new secret)",
    instead: "keep the constructs' ids and the realm's name",
  },
  adoption: {
    what: "imports what is in Keycloak but not in terraform's state (a client gets a new secret)",
    instead: "restore the state from its backup, or choose another name",
  },
} as const;

function countText({ names, customersBefore, limits }: CountRefusal): string {
  const limit =
    names.length > limits.customers
      ? `more than ${limits.customers}`
      : `more than ${limits.percent}%`;
  return `removes or suspends ${names.length.toLocaleString("en-US")} of ${plural(customersBefore, "customer")} at once, ${limit}`;
}

const mostNames = 50;

/** The refusals of a verdict for a terminal: what is refused, what it affects, and the trailers that override it. */
export function refusalText({ refused }: Verdict): string {
  const lines = refused.flatMap((refusal) => {
    const { names, trailers } = refusal;
    const { what, instead } = describeRefusal(refusal);
    return [
      `  ${what}: ${some(names.map((name) => quoted(name)))}`,
      `    ${instead}; if it is intended, add this trailer to a commit, or this option:`,
      ...trailers
        .slice(0, mostNames)
        .map((trailer) => `      ${trailerText(trailer)}   ${optionText(trailer)}`),
      ...(trailers.length > mostNames ? [`      and ${trailers.length - mostNames} more`] : []),
    ];
  });
  return [`refused by ${plural(refused.length, "guard rail")}`, ...lines].join("\n");
}

function some(texts: readonly string[]): string {
  const more = texts.length > mostNames ? ` and ${texts.length - mostNames} more` : "";
  return texts.slice(0, mostNames).join(", ") + more;
}

/** A trailer as Git reads it. */
export function trailerText({ key, value }: Trailer): string {
  return `${key}: ${value}`;
}

function optionText({ key, value }: Trailer): string {
  const argument = /^[\w:.-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
  return `--${key.toLowerCase()} ${argument}`;
}
