import type { Override, OverrideSource, Refusal } from "../../guard/verdict.ts";
import type { Report } from "../../report.ts";
import { code } from "../escape.ts";
import { describeRefusal, groupsOf, optionName, shortCommit, trailerText } from "../refusal.ts";
import { type Budget, names } from "./table-blocks.ts";

/** The result of the guard rails. Overrides come first: somebody has to agree to them. */
export function verdictBlocks({ verdict, plan }: Report, budget: Budget): string[] {
  const { refused, overridden } = verdict;
  const lines = refused.flatMap((refusal) => refusalLines(refusal, budget));
  return [
    ...block(
      "WARNING",
      "**Allowed explicitly**, and therefore not refused:",
      overridden.flatMap((override) => overrideLines(override, budget)),
    ),
    ...block(
      "CAUTION",
      "**Refused**, here and by deploy:",
      plan && lines.length > 0 ? [...lines, "", withoutCommit] : lines,
    ),
  ];
}

/** The base that a report is judged from, unless the summary already names it. */
export function baseBlock({ base, limitation }: Report): string[] {
  if (!base || limitation) return [];
  return [`Compared with ${code(base.ref)} (${base.commit.slice(0, 7)}).`];
}

// a trailer counts only for the change of its own commit
const withoutCommit = "If no commit does it, only the option of the same name overrides it.";

function block(kind: string, heading: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const quote = [`[!${kind}]`, heading, "", ...lines].map((line) => `> ${line}`.trimEnd());
  return [quote.join("\n")];
}

function overrideLines(override: Override, budget: Budget): string[] {
  const key = override.trailer.key;
  const by = override.by.map((source) => sourceText(source, key)).join(" and ");
  const { what } = describeRefusal(override);
  return affected(override, `- **${what}**`, budget, `  overridden by ${by}`);
}

function sourceText(source: OverrideSource, key: Refusal["trailer"]["key"]): string {
  return source === "option"
    ? `the option ${code(optionName(key))}`
    : `${code(key)} in commit ${code(shortCommit(source))} by ${code(source.author)}`;
}

function refusalLines(refusal: Refusal, budget: Budget): string[] {
  const { what, instead } = describeRefusal(refusal);
  const advice = `  ${instead}. If it is intended, add a trailer to the commit that does it: ${trailerCode(refusal)}`;
  return affected(refusal, `- **${what}**`, budget, advice);
}

/** A refusal's change with its names, or a line for each group of customers, and the last line below. */
function affected(refusal: Refusal, what: string, budget: Budget, last: string): string[] {
  const groups = groupsOf(refusal);
  if (groups.length === 0) return [`${what}: ${names(refusal.names, budget)}<br>`, last];
  const lines = groups.map((group) => `  ${group.what} ${names(group.ids, budget)}<br>`);
  return [`${what}<br>`, ...lines, last];
}

/** Most characters of a trailer, so that it is shown as a whole. */
const longestTrailer = 110;

function trailerCode({ trailer, names: all }: Refusal): string {
  const text = trailerText(trailer);
  if (text.length <= longestTrailer) return code(text);
  const end = text.lastIndexOf(", ", longestTrailer);
  const shown = end === -1 ? text : `${text.slice(0, end)}, …`;
  return `${code(shown)} with all ${all.length.toLocaleString("en-US")} names`;
}
