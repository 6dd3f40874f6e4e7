import { expect, test } from "@jest/globals";
import { githubAnnotations } from "../../../text/findings/github-annotations.ts";

const error = { severity: "error", check: "invalid-file", message: "is wrong" } as const;

test("names file, line and column of each finding on a line of its own", () => {
  const place = { file: "customers.yaml", line: 3, column: 11 };
  expect(
    githubAnnotations([
      { ...error, ...place },
      { ...error, file: "main.ts" },
      { ...error, severity: "warning", ...place },
      error,
    ]),
  ).toBe(
    [
      "::error file=customers.yaml,line=3,col=11::is wrong\n",
      "::error file=main.ts::is wrong\n",
      "::warning file=customers.yaml,line=3,col=11::is wrong\n",
      "::error::is wrong\n",
    ].join(""),
  );
});

test("escapes what would end a message or a property", () => {
  const message = "100 %0A\r\n::error::forged, a: b";
  const file = "a%,line=1::forged:\r\n::error::b.yaml";
  expect(githubAnnotations([{ ...error, file, message }])).toBe(
    "::error file=a%25%2Cline=1%3A%3Aforged%3A%0D%0A%3A%3Aerror%3A%3Ab.yaml::100 %250A%0D%0A::error::forged, a: b\n",
  );
});

test("is empty without findings", () => {
  expect(githubAnnotations([])).toBe("");
});
