import { refusalText } from "../review/guard.ts";
import { toJson } from "../review/json.ts";
import { markdown } from "../review/markdown.ts";
import type { Report } from "../review/report.ts";

/** Prints a report, and on standard error what is refused. @returns whether nothing is */
export function showReport(report: Report, { json }: { readonly json: boolean }): boolean {
  process.stdout.write(json ? `${JSON.stringify(toJson(report), null, 2)}\n` : markdown(report));
  if (report.verdict.refused.length === 0) return true;
  console.error(refusalText(report.verdict));
  return false;
}
