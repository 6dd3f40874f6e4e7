import { type Environment, loadEnvironment } from "../configuration/environment.ts";
import { inSession, type Session, synthesisVariables } from "../local/session.ts";
import { baseOf } from "../review/git.ts";
import { allowedByOptions, allowOptions, type AllowValues } from "../review/options.ts";
import type { Report } from "../review/report.ts";
import { type Planned, reviewPlanned, reviewSince } from "../review/run.ts";
import { outdir, synthesize, type Synthesis } from "../terraform/synthesize.ts";

/** The options that `npm run plan` and `npm run deploy` share, for `parseArgs`. */
export const deploymentOptions = { base: { type: "string" }, ...allowOptions } as const;

/** The options' values, as `parseArgs` gives them. */
export interface DeploymentValues extends AllowValues {
  readonly base?: string | undefined;
}

/** What a deploy works with. */
export interface DeploymentTools {
  readonly session: Session;
  readonly head: Synthesis;
  readonly environment: Environment;
  /** Says what a plan does, and what the guard rails say to it. */
  readonly reportOn: (planned: Planned) => Promise<Report>;
}

/** Synthesizes what is declared and lets terraform work on the Keycloak that the environment means. */
export async function inDeployment(
  values: DeploymentValues,
  use: (tools: DeploymentTools) => Promise<void>,
): Promise<void> {
  const allowed = allowedByOptions(values);
  const environment = loadEnvironment();
  const base = values.base === undefined ? undefined : await baseOf(values.base);
  const variables = await synthesisVariables(environment);
  const head = await synthesize(outdir, variables);
  const reportOn = async (planned: Planned) => {
    const options = { head, environment, allowed };
    return base
      ? reviewSince(base, { ...options, planned }, variables)
      : reviewPlanned(planned, options);
  };
  await inSession(head, environment, (session) => use({ session, head, environment, reportOn }));
}
