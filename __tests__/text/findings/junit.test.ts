import { expect, test } from "@jest/globals";
import { junitReport } from "../../../text/findings/junit.ts";

test("reports passed and failed test cases, with the first failure as the message", () => {
  expect(
    junitReport("verify atlas", [
      { className: "customer", name: "acme", failures: ["one", "two"] },
      { className: "customer", name: "globex", failures: [] },
    ]),
  ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1">
  <testsuite name="verify atlas" tests="2" failures="1">
    <testcase classname="customer" name="acme">
      <failure message="one">one
two</failure>
    </testcase>
    <testcase classname="customer" name="globex"/>
  </testsuite>
</testsuites>
`);
});

test("writes characters that XML does not allow as entities or as U+FFFD", () => {
  const report = junitReport('a"b', [
    { className: "c", name: "<&>\u0000\u001B\uD800", failures: ["é 😀"] },
  ]);
  expect(report).toContain('<testsuite name="a&quot;b"');
  expect(report).toContain('name="&lt;&amp;&gt;\uFFFD\uFFFD\uFFFD"');
  expect(report).toContain('<failure message="é 😀">');
});
