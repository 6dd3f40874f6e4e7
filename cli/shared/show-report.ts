import { toJson } from "../../operations/review/render/json.ts";
import { markdown } from "../../operations/review/render/markdown.ts";
import { refusalText } from "../../operations/review/render/refusal.ts";
import type { Report } from "../../operations/review/report.ts";

/** Format of a printed report: Markdown, or JSON with `--json`. */
export interface ReportFormat {
  readonly json?: true | undefined;
}

/** Prints a report, and its refusals on standard error. @returns whether nothing is refused */
export function showReport(report: Report, { json }: ReportFormat = {}): boolean {
  process.stdout.write(json ? jsonText(report) : markdown(report));
  if (report.verdict.refused.length === 0) return true;
  console.error(refusalText(report.verdict));
  return false;
}

/** A report as JSON, for a file or for standard output. */
export function jsonText(report: Report): string {
  return `${JSON.stringify(toJson(report), null, 2)}\n`;
}
