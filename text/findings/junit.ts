/** A test case of a JUnit report. */
export interface TestCase {
  /** The group that it belongs to. */
  readonly className: string;
  readonly name: string;
  /** What failed; none if it passed. */
  readonly failures: readonly string[];
}

/**
 * Test cases as a JUnit report, as CI systems read it.
 *
 * @param suite the name of the only test suite
 * @see https://docs.gitlab.com/ci/testing/unit_test_reports/
 */
export function junitReport(suite: string, cases: readonly TestCase[]): string {
  const failed = cases.filter(({ failures }) => failures.length > 0).length;
  const counts = `tests="${cases.length}" failures="${failed}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${escaped(suite)}" ${counts}>`,
    ...cases.flatMap(caseLines),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function caseLines({ className, name, failures }: TestCase): string[] {
  const start = `    <testcase classname="${escaped(className)}" name="${escaped(name)}"`;
  // one element, because some readers show only the first
  const [first] = failures;
  if (first === undefined) return [`${start}/>`];
  const text = escaped(failures.join("\n"));
  return [
    `${start}>`,
    `      <failure message="${escaped(first)}">${text}</failure>`,
    "    </testcase>",
  ];
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** A text in XML. Characters that XML 1.0 cannot contain become U+FFFD. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\u{FFFD}")
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
