import { type TestCase, junitReport } from "../../text/findings/junit.ts";
import { plural } from "../../text/plural.ts";
import { visible } from "../../text/visible.ts";
import { differenceText, type SubjectKind } from "./difference.ts";
import { differencesOf, type Verification } from "./verified.ts";

/** Version of the JSON. It rises if a field is removed or changes its meaning, not if one is added. */
const jsonVersion = 1;

/** A verification as text: a line for each difference, and their number. */
export function verificationText(verification: Verification): string {
  const differences = differencesOf(verification);
  const lines = differences.map((difference) => visible(differenceText(difference)));
  const counted = (["customer", "API", "frontend"] as const)
    .map((kind) => plural(count(verification, kind), kind))
    .join(", ");
  const end =
    lines.length === 0
      ? `Keycloak is as declared: ${counted} verified`
      : `${plural(lines.length, "difference")} from the declaration: ${counted} verified`;
  return `${[...lines, end].join("\n")}\n`;
}

/** A verification as JSON. */
export function verificationJson(verification: Verification): string {
  const { realm, unchecked } = verification;
  const verified = {
    customers: count(verification, "customer"),
    apis: count(verification, "API"),
    frontends: count(verification, "frontend"),
  };
  const differences = differencesOf(verification);
  return `${JSON.stringify({ version: jsonVersion, realm, verified, unchecked, differences }, null, 2)}\n`;
}

/** A verification as a JUnit report: a test case for each realm, client and client scope. */
export function verificationJunit({ realm, verified }: Verification): string {
  const cases = verified.map(({ kind, name, problems }): TestCase => ({
    ...{ className: kind, name },
    failures: problems.map((problem) => visible(differenceText({ kind, name, ...problem }))),
  }));
  return junitReport(`verify ${realm}`, cases);
}

function count({ verified }: Verification, wanted: SubjectKind): number {
  return verified.filter(({ kind }) => kind === wanted).length;
}
