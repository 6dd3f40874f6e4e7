import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

interface Shell {
  readonly run?: { readonly shell?: string };
}

/** A step of a job. */
export interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Permissions of the token of a job or of a workflow. */
export type Permissions = string | Readonly<Record<string, string>>;

/** A job of a workflow. */
export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Permissions;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly defaults?: Shell;
  readonly steps: readonly Step[];
  readonly "timeout-minutes"?: number;
}

/** A workflow of GitHub Actions. */
export interface Workflow {
  readonly on: string | Readonly<Record<string, unknown>>;
  readonly permissions?: Permissions;
  readonly env?: Readonly<Record<string, string>>;
  readonly defaults?: Shell;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = ".github/workflows";

/** The workflows of this repository: file name, text and content. */
export const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(`${folder}/${name}`, "utf8");
  return { name, text, workflow: parse(text) as Workflow };
});

/** The content of a workflow file. */
export function workflowIn(file: string): Workflow {
  const found = workflows.find(({ name }) => name === file);
  if (!found) throw new Error(`there is no workflow ${file}`);
  return found.workflow;
}

/** A job of a workflow file. */
export function jobIn(file: string, id: string): Job {
  const job = workflowIn(file).jobs[id];
  if (!job) throw new Error(`${file} has no job ${id}`);
  return job;
}

/** Script of a step, with the command line of its shell; `{0}` is the script's file. */
export interface Script {
  readonly text: string;
  readonly shell: string;
}

/** The script of a step, by its name, or by its first line if it has none. */
export function scriptIn(file: string, id: string, name: string): Script {
  const job = jobIn(file, id);
  const step = job.steps.find((each) => (each.name ?? each.run) === name);
  if (step?.run === undefined) throw new Error(`${file} has no script ${name} in the job ${id}`);
  const shell =
    step.shell ?? job.defaults?.run?.shell ?? workflowIn(file).defaults?.run?.shell ?? "bash";
  return {
    text: step.run,
    shell: shell === "bash" ? "bash --noprofile --norc -eo pipefail {0}" : shell,
  };
}
