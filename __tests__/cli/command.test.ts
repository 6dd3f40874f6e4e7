import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { needTerminal } from "../../cli/shared/command.ts";

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** The commands: each is a file of `cli/` that an npm script runs. */
const commands = Object.entries(scripts).flatMap(([script, run]) => {
  const [, file] = /^node (?:--\S+ )?system\/run\.mjs (cli\/[\w-]+\.ts)$/.exec(run) ?? [];
  return file === undefined ? [] : [{ script, file }];
});

async function run(file: string, ...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    ["system/run.mjs", file, ...args],
    { reject: false, stdin: "ignore" },
  );
  return { exitCode, stdout, stderr };
}

describe("every command", () => {
  test("is run by an npm script", () => {
    const files = readdirSync("cli", { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => `cli/${name}`);
    expect(files.length).toBeGreaterThan(0);
    expect(commands.map(({ file }) => file).sort()).toEqual(files.sort());
  });

  test("answers --help with its npm script and an example, and exits with status 0", async () => {
    const answers = await Promise.all(
      commands.map(async ({ file, script }) => ({ script, ...(await run(file, "--help")) })),
    );
    for (const { script, exitCode, stdout, stderr } of answers) {
      const short = ["start", "stop"].includes(script);
      const command = short ? `npm ${script}` : `npm run (--silent )?${script}`;
      expect({ script, exitCode, stderr }).toEqual({ script, exitCode: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`^Usage: ${command} -- `));
      expect(stdout).toMatch(new RegExp(`\n\nExample:\n  ${command}( -- .+)?$`));
    }
  });
});

describe("a command", () => {
  test("refuses an unknown option with a hint, and exits with status 2", async () => {
    expect(await run("cli/plan.ts", "--bass", "main")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "unknown option '--bass'; did you mean --base? (npm run --silent plan -- --help shows the usage)",
    });
  });
});

describe("credentials", () => {
  const { isTTY } = process.stdout;
  const shown = (variables: NodeJS.ProcessEnv, isTerminal: boolean) => {
    process.stdout.isTTY = isTerminal;
    return () => {
      needTerminal(variables);
    };
  };
  const refusal = (message: string) =>
    expect.objectContaining({ exitStatus: 2, message: expect.stringContaining(message) });

  afterEach(() => {
    process.stdout.isTTY = isTTY;
  });

  test("are shown on a terminal", () => {
    expect(shown({ CI: "", PATH: "/bin" }, true)).not.toThrow();
  });

  test("are not shown to anything else", () => {
    expect(shown({}, false)).toThrow(refusal("only on a terminal"));
  });

  test.each(["CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "JENKINS_URL"])(
    "are not shown in a CI job with a terminal, which sets %s",
    (name) => {
      expect(shown({ [name]: "true" }, true)).toThrow(refusal(`and ${name} is set`));
    },
  );
});
