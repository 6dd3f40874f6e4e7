import { quoted } from "../../text/quoted.ts";

/** Kinds of what is verified. A `client` is one that nobody declared. */
export type SubjectKind =
  | "realm"
  | "issuer"
  | "client scope"
  | "client profile"
  | "client policy"
  | "API"
  | "frontend"
  | "customer"
  | "client";

/** What is verified: a realm, a client, a client scope, a client policy. */
export interface Subject {
  readonly kind: SubjectKind;
  readonly name: string;
}

/** A difference of one subject, with what to do about it. */
export interface Problem {
  /** The difference: `fullScopeAllowed is true and should be false`. */
  readonly problem: string;
  /** What to do: `run npm run deploy`. */
  readonly fix: string;
}

/** A difference between Keycloak and the declaration. */
export interface Difference extends Subject, Problem {}

/** What to do about a difference in what Terraform manages. */
export const deployIt = "run npm run deploy";

/** What to do about a difference in what the deployer may not change. */
export const deployAsAdministrator = "run npm run deploy as an administrator";

/** What to do about something that Terraform does not see. */
export const removeIt = "remove it in Keycloak";

/** Problem of something declared that Keycloak does not have. */
export const isMissing: Problem = { problem: "is not in Keycloak", fix: deployIt };

/** Problem of a setting that has another value than it should; none if it has the same. */
export function valueProblems(
  setting: string,
  actual: string | number | boolean,
  expected: string | number | boolean,
  fix: string,
): Problem[] {
  if (actual === expected) return [];
  const shown = (value: typeof actual) => (value === "" ? "not set" : quoted(value));
  return [{ problem: `${setting} is ${shown(actual)} and should be ${shown(expected)}`, fix }];
}

/** Problems of a list with other values than it should have, in any order; none if it has the same. */
export function listProblems(
  noun: string,
  actual: readonly string[],
  expected: readonly string[],
  fixes: { readonly extra: string; readonly missing: string },
): Problem[] {
  const without = (list: readonly string[], other: readonly string[]) =>
    [...new Set(list)].filter((value) => !other.includes(value)).sort();
  return [
    ...without(actual, expected).map((value) => ({
      ...{ problem: `has the ${noun} ${quoted(value)}, which nobody declared`, fix: fixes.extra },
    })),
    ...without(expected, actual).map((value) => ({
      ...{ problem: `lacks the ${noun} ${quoted(value)}`, fix: fixes.missing },
    })),
  ];
}

/** A difference in one line. */
export function differenceText({ kind, name, problem, fix }: Difference): string {
  return `${kind === "customer" ? "" : `${kind} `}${name}: ${problem}; ${fix}`;
}
