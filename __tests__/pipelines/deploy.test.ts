import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { parse } from "yaml";
import { allowOptions } from "../../cli/shared/options.ts";
import { StepRunner } from "./support/step-runner.ts";
import { type Script, scriptIn, workflowIn } from "./support/workflows.ts";

const github = workflowIn("deploy.yml");
const gitlab = parse(readFileSync(".gitlab-ci.yml", "utf8")) as {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly plan: { readonly script: readonly string[] };
  readonly deploy: { readonly script: readonly string[] };
};

/** The line of a GitLab job's script that runs the command of the same name. GitLab runs scripts in a shell that ends at the first failure. */
function gitlabScript(job: "plan" | "deploy"): Script {
  return {
    text: gitlab[job].script.find((line) => line.startsWith(`npm run --silent ${job} `)) ?? "",
    shell: "bash --noprofile --norc -eo pipefail {0}",
  };
}

const scripts: [string, string, Script][] = [
  ["GitHub", "plan", scriptIn("deploy.yml", "plan", "Plan")],
  ["GitHub", "deploy", scriptIn("deploy.yml", "deploy", "Deploy")],
  ["GitLab", "plan", gitlabScript("plan")],
  ["GitLab", "deploy", gitlabScript("deploy")],
];
const options = ["removal", "replacement", "new-secret", "redirect", "many"].map(
  (name) => `allow-${name}`,
);
const variable = (option: string) => option.toUpperCase().replaceAll("-", "_");

/** Arguments with which npm runs a script. */
const run = (script: string) => ["run", "--silent", script, "--"];
/** What runs the command on GitHub: it gets the job's token. GitLab sets a variable to one. */
const loginOn = (platform: string) =>
  platform === "GitHub" ? [...run("with-ci-token"), "npm"] : [];

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
  runner.addNpm("done\n");
});
afterEach(() => {
  runner.remove();
});

describeScripts("a deploy that somebody starts by hand", () => {
  test("can override what only the deploy refuses, on GitHub", () => {
    const { inputs } = (github.on as { workflow_dispatch: { inputs: object } }).workflow_dispatch;
    expect(Object.keys(inputs).sort()).toEqual([...options, "base"].sort());
    for (const option of options)
      expect(github.env).toHaveProperty(variable(option), `\${{ inputs.${option} }}`);
  });

  test("can override what only the deploy refuses, on GitLab", () => {
    for (const option of options)
      expect(gitlab.variables[variable(option)]).toEqual({
        value: "",
        description: expect.any(String),
      });
  });

  test("has an input for every option that overrides a guard rail", () => {
    const names = Object.values(allowOptions).map(({ long }) => long?.replace("--", ""));
    expect(options).toEqual(expect.arrayContaining(names));
  });
});

describeScripts.each(scripts)("on %s, the job %s", (platform, command, script) => {
  test("passes no option if nothing is overridden", async () => {
    expect(await runner.run(script)).toMatchObject({ exitCode: 0 });
    expect(runner.read("npm-arguments")).toBe(
      [...loginOn(platform), ...run(command), ""].join("\n"),
    );
  });

  test("passes each value as one argument, whatever it contains", async () => {
    const values = ["acme, scope orders:read", "$(id)", "`id`; id", '"', "*"];
    const variables = Object.fromEntries(
      options.map((option, index) => [variable(option), values[index] ?? ""]),
    );
    await runner.run(script, { ...variables, BASE: "abc" });
    expect(runner.read("npm-arguments")?.split("\n").slice(0, -1)).toEqual([
      ...loginOn(platform),
      ...run(command),
      "--base=abc",
      ...options.map((option, index) => `--${option}=${values[index] ?? ""}`),
    ]);
  });

  test("fails if the command fails", async () => {
    runner.addNpm("refused\n", { status: 1 });
    expect((await runner.run(script)).exitCode).toBe(1);
  });
});
