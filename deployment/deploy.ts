import { existsSync } from "node:fs";
import { join } from "node:path";
import { awaitLogin, mayPass } from "../keycloak/patience.ts";
import type { Session } from "../local/session.ts";
import type { Planned } from "../review/run.ts";
import { apply } from "../terraform/apply.ts";
import { effective, type ResourceChange } from "../terraform/plan.ts";
import { errored } from "../terraform/state.ts";
import { ExplainedError } from "../text/errors.ts";
import { forgetImports } from "./adoption.ts";
import { attempts, makePlan } from "./planning.ts";

/** A plan to apply. */
export interface Deployment {
  readonly session: Session;
  readonly realm: string;
  /** What was planned and agreed to. */
  readonly planned: Planned;
  /** Terraform's file with it. */
  readonly file: string;
  /** Ends the deploy in order. */
  readonly interrupted: AbortSignal;
}

/**
 * Applies a plan. Where Keycloak is away for a moment, what is left of the plan, and nothing else, is planned and applied again.
 *
 * @throws ExplainedError with what is applied and what is not: 1, or 3 if Keycloak stays away
 */
export async function deploy({
  session,
  realm,
  planned,
  file,
  interrupted,
}: Deployment): Promise<void> {
  const agreed = effective(planned.changes);
  const done = new Set<string>();
  const onDone = (address: string, action: string) => {
    done.add(address);
    console.log(`  ${action} ${address}`);
  };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const { problems } = await apply(session.workspace, file, { interrupted, onDone });
      if (problems.length === 0) return;
      const failed = (more: readonly string[] = []) =>
        failure(agreed, done, [...problems, ...more], session);
      if (interrupted.aborted || attempt === attempts || !problems.some(mayPass)) throw failed();
      console.error("Keycloak does not answer as it should; what is left is tried once more …");
      const left = await rest(session, realm, file, interrupted).catch((error: unknown) => {
        throw failed(error instanceof ExplainedError ? [error.message] : []);
      });
      if (!isWithin(left, planned)) throw failed();
      if (effective(left.changes).length === 0) return;
    }
  } finally {
    await forgetImports(session.workspace);
  }
}

async function rest(
  session: Session,
  realm: string,
  file: string,
  interrupted: AbortSignal,
): Promise<Planned> {
  await awaitLogin(session.login, interrupted);
  return makePlan(session, realm, file, interrupted);
}

/** Whether a plan holds nothing that was not agreed to. */
function isWithin(left: Planned, agreed: Planned): boolean {
  const addresses = new Set(effective(agreed.changes).map(({ address }) => address));
  return (
    effective(left.changes).every(({ address }) => addresses.has(address)) &&
    left.adopted.every((id) => agreed.adopted.includes(id))
  );
}

function failure(
  agreed: readonly ResourceChange[],
  done: ReadonlySet<string>,
  problems: readonly string[],
  { workspace }: Session,
): ExplainedError {
  const listed = (changes: readonly ResourceChange[]) =>
    changes.length === 0
      ? ["  nothing"]
      : changes.map(({ address, change }) => `  ${change.actions.join(" and ")} ${address}`);
  const stateFile = join(workspace.folder, errored);
  const state = existsSync(stateFile)
    ? `terraform could not store its state and left it in ${stateFile}: keep that file; npm run deploy in this folder stores it first`
    : "npm run deploy completes it";
  return new ExplainedError(
    problems.some(mayPass) ? 3 : 1,
    [
      "the deploy is not complete:",
      ...problems.map((problem) => `  ${problem}`),
      "applied:",
      ...listed(agreed.filter(({ address }) => done.has(address))),
      "not applied:",
      ...listed(agreed.filter(({ address }) => !done.has(address))),
      state,
    ].join("\n"),
  );
}
