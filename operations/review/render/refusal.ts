import { plural } from "../../../text/plural.ts";
import { quoted } from "../../../text/quoted.ts";
import { visible } from "../../../text/visible.ts";
import type { Trailer } from "../guard/allowed.ts";
import { countedEffects, type CountedLoss } from "../guard/losses/loss.ts";
import type { Affected, CountRefusal, OverrideSource, Refusal, Verdict } from "../guard/verdict.ts";

/** The text of a refusal. */
export interface RefusalText {
  /** The refused change, without the names: `recreates resources`. */
  readonly what: string;
  /** The alternative: `keep its declaration`. */
  readonly instead: string;
}

/** Text of a refusal, without names and trailer, for Markdown and the terminal. */
export function describeRefusal(refusal: Refusal): RefusalText {
  switch (refusal.code) {
    case "many":
      return { what: countText(refusal), instead: "do it in smaller steps" };
    case "empty":
      return { what: "leaves no customer", instead: "restore the entries" };
    default:
      return texts[refusal.code];
  }
}

const texts = {
  removal: {
    what: "deletes a realm, API, frontend, scope, list of scopes or another resource",
    instead: "keep its declaration, its name and its address",
  },
  "not-suspended": {
    what: "deletes customers that are not suspended",
    instead: "suspend first (enabled: false), deploy that, then remove",
  },
  "switched-off": {
    what: "switches off a realm, API, frontend, permission or audience",
    instead: "keep it enabled, its permission in the token's scope, and its audience in the token",
  },
  replacement: {
    what: "recreates resources (a realm with everything in it)",
    instead: "keep the constructs' ids and the realm's name",
  },
  adoption: {
    what: "imports resources that are in Keycloak but not in the state",
    instead: "restore the state from its backup",
  },
  "new-secret": {
    what: "gets a new secret",
    instead:
      "keep the client's rotation, secret version, authenticator, access type, id and address; restore a lost state from its backup",
  },
  redirect: {
    what: "moves redirect URIs to a host that the frontend did not have before",
    instead: "add the new host first, deploy that, then remove the old one",
  },
} as const;

function countText({ names, customers, people, limits }: CountRefusal): string {
  const limit =
    names.length > limits.customers
      ? `more than ${limits.customers}`
      : `more than ${limits.percent}%`;
  const counts = [
    ...countTexts(customers, plural(customers.before, "customer")),
    ...countTexts(people, `${people.before.toLocaleString("en-US")} roles and groups`),
  ];
  return `affects ${counts.join(", and ")} at once, ${limit}`;
}

function countTexts({ affected }: Affected, all: string): string[] {
  return affected > 0 ? [`${affected.toLocaleString("en-US")} of ${all}`] : [];
}

/** What happens to the customers, roles and groups that a refusal counts, with their names: a line for each kind of loss. */
export function groupsOf(
  refusal: Refusal,
): { readonly what: string; readonly ids: readonly string[] }[] {
  if (!("groups" in refusal)) return [];
  const { groups } = refusal;
  return countedEffects
    .map((effect) => ({ what: effectTexts[effect], ids: groups[effect] }))
    .filter(({ ids }) => ids.length > 0);
}

const effectTexts: Readonly<Record<CountedLoss["effect"], string>> = {
  removed: "removes",
  suspended: "suspends",
  access: "takes access from",
  renamed: "renames",
  method: "changes the authentication of",
  keys: "removes keys of",
  binding: "binds the tokens of",
  lifespan: "shortens the token lifespan of",
  expiry: "ends the access within 30 days of",
  rotation: "rotates the secret of",
};

/** The number of names in a message. */
export const mostNames = 50;

/** The refusals of a verdict for a terminal: what is refused, what it affects, and the trailer that overrides it. */
export function refusalText({ refused }: Verdict): string {
  const lines = refused.flatMap((refusal) => {
    const { what, instead } = describeRefusal(refusal);
    const groups = groupsOf(refusal);
    return [
      groups.length > 0 ? `  ${what}` : `  ${what}: ${namesText(refusal.names)}`,
      ...groups.map((group) => `    ${group.what}: ${namesText(group.ids)}`),
      `    ${instead}; if it is intended, add this trailer to the commit that does it, or this option:`,
      `      ${overrideText(refusal)}`,
    ];
  });
  return [`refused by ${plural(refused.length, "guard rail")}`, ...lines].join("\n");
}

/** Names in a message: of many, the first ones and how many there are. */
export function namesText(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map((name) => quoted(name));
  return shown.join(", ") + more(names);
}

function more({ length }: readonly string[]): string {
  return length > mostNames ? ` and ${(length - mostNames).toLocaleString("en-US")} more` : "";
}

/** The trailer and the option of a refusal. Of many names the first ones are shown, and how many there are. */
function overrideText({ names, trailer }: Refusal): string {
  if (trailer.key === "Allow-many" || names.length <= mostNames)
    return `${trailerText(trailer)}   ${optionText(trailer)}`;
  const value = `${names.slice(0, mostNames).join(", ")}, …`;
  const count = names.length.toLocaleString("en-US");
  return `${trailerText({ ...trailer, value })} (${count} names; npm run review -- --base <ref> --plan --json lists them all)`;
}

/** A trailer as a commit's message has it, on one line and without invisible characters. */
export function trailerText({ key, value }: Trailer): string {
  return `${key}: ${visible(value)}`;
}

/** A trailer as an option of a command. */
export function optionText({ key, value }: Trailer): string {
  const text = visible(value);
  const argument = /^[\w:.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  return `${optionName(key)} ${argument}`;
}

/** The option that a trailer also is: `--allow-removal`. */
export function optionName(key: Trailer["key"]): string {
  return `--${key.toLowerCase()}`;
}

/** The commit of a trailer in short: 7 digits. */
export function shortCommit({ commit }: Exclude<OverrideSource, "option">): string {
  return commit.slice(0, 7);
}
