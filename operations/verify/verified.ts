import type { Difference, Problem, Subject, SubjectKind } from "./difference.ts";

/** A subject with the differences that it has; none if it is as declared. */
export interface Verified extends Subject {
  readonly problems: readonly Problem[];
}

/** What a realm has and nobody declared, by name: each is a difference. */
export function undeclared(kind: SubjectKind, names: readonly string[]): Verified[] {
  const problem = `is a ${kind} that nobody declared`;
  const problems = [{ problem, fix: "declare it, or delete it in Keycloak" }];
  return names.map((name) => ({ kind, name, problems }));
}

/** Result of a verification. */
export interface Verification {
  readonly realm: string;
  readonly verified: readonly Verified[];
  /** What the login may not view, so that it was not verified. */
  readonly unchecked: readonly string[];
}

/** The differences of a verification, in the order of their subjects. */
export function differencesOf({ verified }: Verification): Difference[] {
  return verified.flatMap(({ kind, name, problems }) =>
    problems.map((problem) => ({ kind, name, ...problem })),
  );
}
