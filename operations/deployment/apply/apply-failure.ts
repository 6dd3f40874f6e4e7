import { type ExplainedError, FailedError, UnavailableError } from "../../../text/errors.ts";
import type { ApplyProblem } from "../../terraform/apply.ts";
import { effective, type ResourceChange } from "../../terraform/plan.ts";
import { actionText } from "../saved-plan/agreement.ts";

/** An apply that is not complete. */
export interface IncompleteApply {
  /** The changes of the plan. */
  readonly changes: readonly ResourceChange[];
  /** The addresses that are done. */
  readonly done: ReadonlySet<string>;
  readonly problems: readonly ApplyProblem[];
  /** The file of a state that terraform could not store. */
  readonly errored: string | undefined;
  /** The command that completes the deploy. */
  readonly command: string;
}

/** The error of an apply that is not complete: its problems, what is applied and what is not, and how to complete it. */
export function applyFailure(apply: IncompleteApply): ExplainedError {
  const { changes, done, problems, errored, command } = apply;
  const listed = (wanted: boolean) => {
    const some = effective(changes).filter(({ address }) => done.has(address) === wanted);
    if (some.length === 0) return ["  nothing"];
    return some.map(({ address, change }) => `  ${actionText(change)} ${address}`);
  };
  const message = [
    "the deploy is not complete:",
    ...problems.map((problem) => `  ${problem.message}`),
    ...["applied:", ...listed(true)],
    ...["not applied:", ...listed(false)],
    errored === undefined
      ? `${command} completes it`
      : `the state could not be stored, and is in ${errored}: keep that file; ${command} stores it first`,
  ].join("\n");
  const isTransient = problems.some((problem) => problem.isTransient);
  return isTransient && !problems.some(({ isRefused }) => isRefused)
    ? new UnavailableError(message, { isTransient })
    : new FailedError(message);
}
