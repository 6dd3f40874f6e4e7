import {
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa, execaSync } from "execa";
import { checkout } from "../../../../system/folders.ts";
import { endProcessesIn } from "../processes.ts";
import { replaceDeclaration } from "../../../fixtures/project.ts";
import { terminal } from "../terminal.ts";
import { until } from "../until.ts";

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

/** Variables with which a command works as on a person's machine, also if a CI system runs the tests. */
const outsideOfCi = { CI: "", GITHUB_ACTIONS: "", GITLAB_CI: "", TF_BUILD: "", JENKINS_URL: "" };

/** Output and exit status of a command. */
export interface Outcome {
  readonly exitCode: number | undefined;
  /** Standard output and standard error. */
  readonly output: string;
  /** Only standard output, which a program would read. */
  readonly stdout: string;
}

/** A running command. */
export interface Run {
  /** The output until now. */
  readonly printed: () => string;
  /** Waits until the output matches a pattern. */
  readonly prints: (pattern: RegExp) => Promise<void>;
  /** Sends SIGINT to its process group, as a terminal does at Ctrl-C. */
  readonly interrupt: () => void;
  /** Sends a signal to its process only, as a service manager or a pipeline does. */
  readonly send: (signal: NodeJS.Signals) => void;
  /** Kills it, so that it can end nothing that it started. */
  readonly kill: () => void;
  /** Waits until it ends. */
  readonly ended: () => Promise<Outcome>;
}

/** A clone of the project with its own state folder. npm's scripts run in it as for its user. */
export class Clone {
  readonly folder: string;
  /** The output of all commands, except those on a terminal. */
  readonly outputs: string[] = [];
  readonly #root: string;
  readonly #variables: NodeJS.ProcessEnv;

  private constructor(root: string, variables: NodeJS.ProcessEnv) {
    this.#root = root;
    this.folder = join(root, "clone");
    this.#variables = { ...variables, XDG_STATE_HOME: join(root, "state") };
  }

  /**
   * Copies the files of the work tree, except those that Git ignores, with the declaration of the tests.
   *
   * @param variables environment variables of the commands, in addition to those of this process
   * @param name beginning of the name of the folder with the clone and its state
   */
  static async create(
    provider: "embedded" | "official",
    variables: NodeJS.ProcessEnv,
    name = "clone",
  ): Promise<Clone> {
    const root = await mkdtemp(join(tmpdir(), `${name}-`));
    const TMPDIR = join(root, "tmp");
    await mkdir(TMPDIR);
    const clone = new Clone(root, {
      ...{ ...process.env, ...outsideOfCi, TMPDIR, ATLAS_PROVIDER: provider },
      ...variables,
    });
    const listed = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: checkout,
    });
    const files = listed.stdout.split("\n").filter((name) => existsSync(join(checkout, name)));
    for (const folder of new Set(files.map((name) => dirname(name))))
      await mkdir(join(clone.folder, folder), { recursive: true });
    await Promise.all(
      files.map((name) => copyFile(join(checkout, name), join(clone.folder, name))),
    );
    replaceDeclaration(clone.folder);
    await symlink(join(checkout, "node_modules"), join(clone.folder, "node_modules"));
    return clone;
  }

  /** The folder for temporary files of its commands, unless a test chooses another one. */
  get temporaryFolder(): string {
    return join(this.#root, "tmp");
  }

  /** The folder in which `npm start` keeps its data and logins. */
  get stateFolder(): string {
    return join(this.#root, "state");
  }

  /**
   * Runs the command of an npm script. npm itself, which takes a quarter of a second, runs only in {@link npmOnTerminal} and
   * {@link npmReadOnly}.
   */
  async npm(
    script: string,
    args: readonly string[] = [],
    variables: NodeJS.ProcessEnv = {},
  ): Promise<Outcome> {
    const { scripts } = JSON.parse(await readFile(join(this.folder, "package.json"), "utf8")) as {
      scripts: Readonly<Record<string, string>>;
    };
    const [program = "", ...words] = (scripts[script] ?? "").split(" ");
    const { exitCode, all, stdout } = await execa(program, [...words, ...args], {
      ...this.#options,
      env: { ...this.#variables, ...variables },
    });
    this.outputs.push(all);
    return { exitCode, output: all, stdout };
  }

  /**
   * Runs the program of an npm script in its own process group, as a terminal does, so that it can be interrupted.
   *
   * @param ready pattern of the output to wait for
   */
  async spawn(
    script: "start" | "demo" | "deploy" | "plan" | "reshard",
    ready: RegExp,
    variables: NodeJS.ProcessEnv = {},
    ...options: readonly string[]
  ): Promise<Run> {
    const args = ["system/run.mjs", `cli/${script}.ts`, ...options];
    const env = { ...this.#variables, ...variables };
    const child = execa("node", args, { ...this.#options, env, detached: true });
    let printed = "";
    child.all.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const run: Run = {
      printed: () => printed,
      prints: (pattern) =>
        until(String(pattern), () => {
          if (pattern.test(printed)) return true;
          if (child.all.closed) throw new Error(`the command ended first:\n${printed}`);
          return false;
        }),
      interrupt: () => process.kill(-(child.pid ?? 0), "SIGINT"),
      send: (signal) => child.kill(signal),
      kill: () => child.kill("SIGKILL"),
      ended: async () => {
        const { exitCode, all, stdout } = await child;
        this.outputs.push(all);
        return { exitCode, output: all, stdout };
      },
    };
    await run.prints(ready);
    return run;
  }

  /**
   * Runs an npm script while the clone's folder is read-only. If root runs the tests, the script runs as nobody, because root can
   * write everywhere.
   */
  async npmReadOnly(
    script: string,
    args: readonly string[],
    variables: NodeJS.ProcessEnv = {},
  ): Promise<Outcome> {
    const home = join(this.#root, "home");
    await mkdir(home, { recursive: true });
    // Git distrusts a repository of another user
    await writeFile(join(home, ".gitconfig"), "[safe]\n\tdirectory = *\n");
    await execa("chmod", ["a+rx", this.#root]);
    await execa("chmod", ["-R", "a+rX,a-w", this.folder]);
    if (isRoot) await chown(home, nobody, nobody);
    const { exitCode, all, stdout } = await execa(
      "npm",
      ["run", "--silent", script, "--", ...args],
      {
        ...this.#options,
        ...(isRoot && { uid: nobody, gid: nobody }),
        env: {
          ...this.#variables,
          HOME: home,
          TMPDIR: home,
          XDG_STATE_HOME: join(home, "state"),
          XDG_CACHE_HOME: join(home, "cache"),
          ...variables,
        },
      },
    );
    await execa("chmod", ["-R", "u+w", this.folder]);
    this.outputs.push(all);
    return { exitCode, output: all, stdout };
  }

  /** The reason why {@link npmReadOnly} does not work here; undefined if it works. */
  static whyNotReadOnly(): string | undefined {
    if (!isRoot) return undefined;
    const { exitCode } = execaSync(
      process.execPath,
      ["-e", "fs.accessSync(process.argv[1])", join(checkout, "node_modules/.bin")],
      { uid: nobody, gid: nobody, reject: false },
    );
    return exitCode === 0
      ? undefined
      : "root runs the tests, and no other user can read this checkout";
  }

  /** Runs an npm script on a terminal, and answers its question. */
  async npmOnTerminal(
    script: string,
    args: readonly string[],
    [question, answer]: readonly [string, string] = ["", ""],
    variables: NodeJS.ProcessEnv = {},
  ): Promise<Outcome> {
    const { exitCode, stdout } = await execa(
      "python3",
      [terminal, question, answer, "npm", "run", "--silent", script, "--", ...args],
      { ...this.#options, env: { ...this.#variables, ...variables } },
    );
    return { exitCode, stdout, output: stdout.replaceAll("\r\n", "\n") };
  }

  get #options() {
    return {
      cwd: this.folder,
      env: this.#variables,
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
    } as const;
  }

  /** Copies a file to another clone. */
  async copyFile(file: string, to: Clone): Promise<void> {
    await copyFile(join(this.folder, file), join(to.folder, file));
  }

  /** Edits a file of the clone. */
  async edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(this.folder, file);
    await writeFile(path, change(await readFile(path, "utf8")));
  }

  /** Renames the realm in `main.ts`, so that parallel tests do not share one. */
  async useRealm(name: string): Promise<void> {
    await this.edit("main.ts", (text) => text.replace('realm: "atlas"', `realm: "${name}"`));
  }

  /** Runs Git in the clone. @returns its output */
  async git(...args: readonly string[]): Promise<string> {
    return (await execa("git", args, { cwd: this.folder })).stdout;
  }

  /** Makes the clone a Git repository with one commit. */
  async commitEverything(): Promise<void> {
    await this.git("init", "--quiet", "--initial-branch=main");
    await this.git("config", "user.name", "Test");
    await this.git("config", "user.email", "test@example.com");
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", "the project");
  }

  /** Ends its Keycloak, and removes all files. */
  async remove(): Promise<void> {
    await endProcessesIn(this.stateFolder);
    await rm(this.#root, { recursive: true, force: true });
  }
}
