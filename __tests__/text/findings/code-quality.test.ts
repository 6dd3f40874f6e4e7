import { expect, test } from "@jest/globals";
import { codeQualityReport } from "../../../text/findings/code-quality.ts";
import type { Finding } from "../../../text/findings/finding.ts";

const finding: Finding = {
  ...{ severity: "error", check: "invalid-file", file: "customers.yaml" },
  ...{ line: 3, column: 11, message: "is wrong" },
};

interface Issue {
  readonly fingerprint: string;
}

function issues(...findings: readonly Finding[]): Issue[] {
  return JSON.parse(codeQualityReport(findings, "main.ts")) as Issue[];
}

function fingerprints(...findings: readonly Finding[]): string[] {
  return issues(...findings).map(({ fingerprint }) => fingerprint);
}

test("has the fields that GitLab requires", () => {
  const fingerprint = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(issues(finding)).toEqual([
    {
      description: "is wrong",
      check_name: "invalid-file",
      fingerprint,
      severity: "blocker",
      location: { path: "customers.yaml", lines: { begin: 3 } },
    },
  ]);
  expect(issues({ ...finding, severity: "warning" })).toMatchObject([{ severity: "minor" }]);
});

test("has the first line for a whole file, and the fallback file for a finding without a place", () => {
  expect(
    issues({ ...finding, line: undefined }, { ...finding, file: undefined, line: undefined }),
  ).toMatchObject([
    { location: { path: "customers.yaml", lines: { begin: 1 } } },
    { location: { path: "main.ts", lines: { begin: 1 } } },
  ]);
});

test("keeps the fingerprint of a finding whose line changes", () => {
  expect(fingerprints({ ...finding, line: 9 })).toEqual(fingerprints(finding));
});

test("gives every finding another fingerprint", () => {
  const all = fingerprints(
    finding,
    { ...finding, line: 9 },
    { ...finding, message: "is wrong too" },
    { ...finding, file: "other.yaml" },
    { ...finding, check: "warning" },
  );
  expect(new Set(all).size).toBe(5);
});

test("is an empty list without findings", () => {
  expect(codeQualityReport([], "main.ts")).toBe("[]\n");
});
