import { createHash } from "node:crypto";
import type { Finding } from "./finding.ts";

/** Severities of GitLab. */
const severities = { error: "blocker", warning: "minor" } as const;

/**
 * Findings as GitLab's Code Quality report. GitLab requires a place: a finding without one gets the first line of a given file.
 *
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export function codeQualityReport(findings: readonly Finding[], fallbackFile: string): string {
  const seen = new Map<string, number>();
  const issues = findings.map(({ severity, check, file, line, message }) => {
    const path = file ?? fallbackFile;
    // without the line, so that a finding stays the same if lines are added above it; equal ones are counted
    const content = JSON.stringify([check, path, message]);
    const count = (seen.get(content) ?? 0) + 1;
    seen.set(content, count);
    return {
      description: message,
      check_name: check,
      fingerprint: createHash("sha256").update(`${content} ${count}`).digest("hex"),
      severity: severities[severity],
      location: { path, lines: { begin: line ?? 1 } },
    };
  });
  return `${JSON.stringify(issues, null, 2)}\n`;
}
