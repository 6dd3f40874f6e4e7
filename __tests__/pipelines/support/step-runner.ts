import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import type { Script } from "./workflows.ts";

/** A request that changed something. */
export interface Written {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Runs the scripts of a pipeline in a folder of their own, with stubs of the programs that they call. */
export class StepRunner {
  /** The checkout of the scripts. */
  readonly folder = mkdtempSync(join(tmpdir(), "pipeline-"));
  readonly #variables = {
    PATH: `${join(this.folder, "bin")}:${process.env.PATH ?? ""}`,
    GITHUB_REPOSITORY: "example/realm",
    GITHUB_OUTPUT: join(this.folder, "output"),
    GITHUB_STEP_SUMMARY: join(this.folder, "summary"),
    // the setup sets it
    REALM_ENV: "production",
    RUNNER_TEMP: join(this.folder, "temp"),
    GH_ANSWERS: join(this.folder, "gh-answers.json"),
    GH_WRITTEN: join(this.folder, "gh-written.jsonl"),
  };

  constructor() {
    for (const part of [".ci", ".github/scripts", ".gitlab"])
      cpSync(part, join(this.folder, part), { recursive: true });
    mkdirSync(join(this.folder, "temp", "review"), { recursive: true });
    const stub = resolve("__tests__/pipelines/support/gh-stub.mjs");
    this.addProgram("gh", `exec '${process.execPath}' '${stub}' "$@"`);
    this.write({ "gh-written.jsonl": "" });
  }

  /** Writes files. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  /** Reads a file. @returns undefined if it does not exist */
  read(name: string): string | undefined {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  }

  /** Adds a program that the scripts find first. */
  addProgram(name: string, bash: string): void {
    this.write({ [`bin/${name}`]: `#!/usr/bin/env bash\n${bash}\n` });
    chmodSync(join(this.folder, "bin", name), 0o755);
  }

  /**
   * Adds an npm that prints a text on both outputs and exits with a status. It keeps its arguments in `npm-arguments`, one per line, and writes JSON to
   * the path of `--json-file`.
   */
  addNpm(prints: string, { status = 0, json = "{}" } = {}): void {
    this.write({ "npm-prints": prints, "npm-json": json });
    const own = (file: string) => `'${join(this.folder, file)}'`;
    this.addProgram(
      "npm",
      [
        `printf '%s\\n' "$@" >> ${own("npm-arguments")}`,
        `for argument; do [[ $argument != --json-file=* ]] || cat ${own("npm-json")} > "\${argument#*=}"; done`,
        `cat ${own("npm-prints")}`,
        `cat ${own("npm-prints")} >&2`,
        `exit ${status}`,
      ].join("\n"),
    );
  }

  /** Sets the answers of GitHub's API by path. */
  answer(answers: Readonly<Record<string, unknown>>): void {
    this.write({ "gh-answers.json": JSON.stringify(answers) });
  }

  /** Requests that changed something through GitHub's API. */
  written(): Written[] {
    const lines = (this.read("gh-written.jsonl") ?? "").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Written);
  }

  /** Runs a script with its shell. @returns the exit status, and the log with both outputs */
  async run({ text, shell }: Script, variables: Readonly<Record<string, string>> = {}) {
    this.write({ "temp/script": text });
    const [program = "", ...args] = shell
      .replace("{0}", join(this.folder, "temp/script"))
      .split(" ");
    const { exitCode, all } = await execa(program, args, {
      cwd: this.folder,
      env: { ...this.#variables, ...variables },
      all: true,
      reject: false,
    });
    return { exitCode, log: all };
  }

  /** Removes the folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
