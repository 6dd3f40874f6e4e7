import { isEmpty } from "./changes.ts";
import { code } from "./escape.ts";
import type { Review } from "./review.ts";

/** The whole change in one sentence, its names as Markdown. */
export function sentence(review: Review): string {
  if (isEmpty(review)) return "Nothing changes in the declaration.";
  const { customers, apis, frontends } = review;
  const gain = customers.access.filter(({ gained }) => gained.length > 0);
  const lose = customers.access.filter(({ lost }) => lost.length > 0);
  const parts = [
    review.realmBefore === null ? `declares the realm ${code(review.realm)}` : "",
    counted("makes anew", "part", review.replaced),
    counted("removes", "API", apis.removed),
    counted("removes", "frontend", frontends.removed),
    counted("removes", "customer", customers.removed),
    counted("suspends", "customer", customers.suspended),
    counted("adds", "customer", customers.added),
    counted("resumes", "customer", customers.resumed),
    counted("gives more access to", "customer", gain),
    counted("takes access from", "customer", lose),
    counted("renames or changes the contact of", "customer", customers.changed),
    counted("adds", "API", apis.added),
    counted("changes the permissions of", "API", apis.changed),
    counted("adds", "frontend", frontends.added),
    counted("changes the access of", "frontend", frontends.changed),
    settingsPart(review),
  ].filter((part) => part !== "");
  const text = joined(parts);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function settingsPart({ customers, settings, parts }: Review): string {
  const ofCode = customers.settings.length > 0 ? ["every such customer's client"] : [];
  const others = [...settings, ...parts].map(({ subject: { kind, name } }) =>
    kind === "other" ? code(name) : `the ${kind} ${code(name)}`,
  );
  const subjects = [...new Set([...others, ...ofCode])];
  if (subjects.length === 0) return "";
  const named = subjects.length > 3 ? number(subjects.length, "part") : joined(subjects);
  return `changes settings of ${named}`;
}

function counted(
  verb: string,
  noun: string,
  list: readonly ({ readonly id: string } | { readonly name: string })[],
): string {
  if (list.length === 0) return "";
  const names = list.slice(0, 3).map((each) => code("id" in each ? each.id : each.name));
  return list.length > 3
    ? `${verb} ${number(list.length, noun)}`
    : `${verb} the ${list.length === 1 ? noun : `${noun}s`} ${joined(names)}`;
}

/** `1 customer`, `12,000 customers` */
export function number(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a, b and c` */
export function joined(texts: readonly string[]): string {
  return texts.length < 2
    ? texts.join("")
    : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1) ?? ""}`;
}
