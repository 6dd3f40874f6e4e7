import { defaultLimits } from "../../../configuration/environment.ts";
import { plural } from "../../../text/plural.ts";
import { isEmpty } from "../compare/compare.ts";
import type { DeclarationChange } from "../compare/declaration-change.ts";
import type { PlanComparison } from "../compare/plan-comparison.ts";
import type { Report } from "../report.ts";
import { customerBlocks } from "./blocks/customer-blocks.ts";
import { diagram } from "./diagram.ts";
import { realmAuthenticationBlocks } from "./blocks/credential-blocks.ts";
import { code } from "./escape.ts";
import { peopleBlocks, roleWarnings } from "./blocks/people-blocks.ts";
import { planBlocks } from "./blocks/plan-blocks.ts";
import { sentence } from "./sentence.ts";
import {
  accessCell,
  argumentsCell,
  type Budget,
  changeCells,
  entityCell,
  names,
  tableBlock,
} from "./blocks/table-blocks.ts";
import { baseBlock, verdictBlocks } from "./blocks/verdict-blocks.ts";
import { becauseText } from "./wording.ts";

/** GitHub accepts 65,536 characters in a comment; the rest is for what a pipeline adds. */
const mostCharacters = 58_000;

/**
 * A review as Markdown for a pull request's comment. It always has fewer than 60,000 characters: what matters most comes first, and
 * what does not fit is counted.
 */
export function markdown(report: Report): string {
  for (let rows = 200; ; rows = Math.floor(rows / 2)) {
    const text = render(report, { rows, names: Math.max(3, Math.min(10, rows)) });
    if (text.length <= mostCharacters || rows <= 1) return text;
  }
}

function render(report: Report, budget: Budget): string {
  const { change, plan, base } = report;
  const blocks = [
    ...summary(report),
    ...verdictBlocks(report, budget),
    ...baseBlock(report),
    ...(change && !isEmpty(change) ? changeBlocks(change, budget) : []),
    ...(plan ? planBlocks(plan, base !== undefined, budget) : []),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function summary(report: Report): string[] {
  const { change, plan } = report;
  if (!change) return [...(plan ? [planSummary(plan)] : []), ...baseTexts(report)];
  const limitation = limitationText(report);
  const isSentenceNeeded = limitation === undefined || !isEmpty(change);
  return [
    ...editsReviewTexts(report),
    ...(isSentenceNeeded ? [sentence(change)] : []),
    ...(limitation === undefined ? [] : [limitation]),
    ...roleWarnings(change),
    ...baseTexts(report),
  ];
}

/** Names of files that fit into a line. */
const mostFiles = 10;

function editsReviewTexts({ editsReview }: Report): string[] {
  const count = editsReview.length;
  if (count === 0) return [];
  const files = names(editsReview, { rows: mostFiles, names: mostFiles });
  return [`**This change edits what reviews it**, in ${plural(count, "file")}: ${files}.`];
}

/** What the base has under other names, and what it does not have. */
function baseTexts({ base, environment, comparedWith, defaultLimits: reason }: Report): string[] {
  const at = base && `${code(base.ref)} (${base.commit.slice(0, 7)})`;
  const { environment: earlier, folder } = comparedWith ?? {};
  const { customers, percent } = defaultLimits;
  const limits = `the default limits apply: ${plural(customers, "customer")} and ${percent}%.`;
  return [
    ...(at && earlier
      ? [`The environment ${code(environment)} is compared with ${code(earlier)} of ${at}.`]
      : []),
    ...(at && folder
      ? [`The project is compared with the one in the folder ${code(folder)} of ${at}.`]
      : []),
    ...(at && reason === "unreadable" ? [`The limits of ${at} cannot be read, so ${limits}`] : []),
    ...(reason === "none-before"
      ? [`There are no earlier limits to compare with, so ${limits}`]
      : []),
  ];
}

function planSummary({ drift }: PlanComparison): string {
  const differing = new Set(drift.map(({ address }) => address)).size;
  return differing === 0
    ? "Keycloak is as declared."
    : `${plural(differing, "resource")} in Keycloak ${differing === 1 ? "differs" : "differ"} from the declaration.`;
}

function limitationText({ limitation, base, environment }: Report): string | undefined {
  if (!base || !limitation) return undefined;
  const at = `${code(base.ref)} (${base.commit.slice(0, 7)})`;
  return limitation === "same-commit"
    ? `Nothing to review: HEAD adds no commit to ${at}, and the work tree is clean.`
    : `${at} has no environment ${code(environment)}, so everything is new.`;
}

function changeBlocks(change: DeclarationChange, budget: Budget): string[] {
  return [
    ...customerBlocks(change, budget),
    ...apiBlocks(change, budget),
    ...realmAuthenticationBlocks(change, budget),
    ...peopleBlocks(change, budget),
    ...settingBlocks(change, budget),
    ...diagram(change),
  ];
}

function apiBlocks({ apis, frontends }: DeclarationChange, budget: Budget): string[] {
  const permissions = (list: readonly string[]) => names(list, budget) || "–";
  return [
    ...tableBlock(
      "APIs",
      ["API", "change", "permissions added", "permissions removed"],
      [
        ...apis.removed.map((api) => [code(api.id), "removed", "–", permissions(api.permissions)]),
        ...apis.added.map((api) => [code(api.id), "added", permissions(api.permissions), "–"]),
        ...apis.changed.map((api) => [
          code(api.id),
          "changed",
          permissions(api.added),
          permissions(api.removed),
        ]),
      ],
      budget,
    ),
    ...tableBlock(
      "Frontends",
      ["frontend", "change", "its users gain", "its users lose"],
      (["removed", "added", "changed"] as const).flatMap((change) =>
        frontends[change].map(({ id, gained, lost }) => [
          code(id),
          change,
          accessCell(gained, budget),
          accessCell(lost, budget),
        ]),
      ),
      budget,
    ),
  ];
}

function settingBlocks(change: DeclarationChange, budget: Budget): string[] {
  return [
    ...tableBlock(
      "Deleted and recreated",
      ["what", "because"],
      change.replaced.map((each) => [entityCell(each), becauseText(each)]),
      budget,
    ),
    ...tableBlock(
      "Settings",
      ["of", "what", "from", "to"],
      change.settings.map((each) => [entityCell(each.entity), ...changeCells(each)]),
      budget,
    ),
    ...tableBlock(
      "Resources added or removed",
      ["of", "resource", "change", "with"],
      change.otherResources.map((each) => [
        entityCell(each.entity),
        code(each.address),
        each.change,
        argumentsCell(each.values),
      ]),
      budget,
    ),
  ];
}
