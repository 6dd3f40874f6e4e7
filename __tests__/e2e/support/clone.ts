import { chown, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { checkout } from "../../../system/folders.ts";
import { until } from "./until.ts";

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

/** What a command printed, and its exit status. */
export interface Outcome {
  readonly exitCode: number | undefined;
  readonly output: string;
  /** What a program would read of it. */
  readonly stdout: string;
}

/** A command that runs. */
export interface Run {
  /** What it has printed until now. */
  readonly printed: () => string;
  /** Waits until it has printed something. */
  readonly prints: (pattern: RegExp) => Promise<void>;
  /** Sends its process group what a terminal sends at Ctrl-C. */
  readonly interrupt: () => void;
  /** Waits until it has ended. */
  readonly ended: () => Promise<Outcome>;
}

/** The project as somebody cloned it, with a state folder of its own: npm's scripts run in it as for its user. */
export class Clone {
  readonly folder: string;
  /** Everything that the commands printed, but for what only a terminal gets. */
  readonly outputs: string[] = [];
  readonly #root: string;
  readonly #variables: NodeJS.ProcessEnv;

  private constructor(root: string, variables: NodeJS.ProcessEnv) {
    this.#root = root;
    this.folder = join(root, "clone");
    this.#variables = { ...variables, XDG_STATE_HOME: join(root, "state") };
  }

  /** Copies what Git knows or would add, as it is in the work tree. */
  static async create(
    provider: "embedded" | "official",
    variables: NodeJS.ProcessEnv,
  ): Promise<Clone> {
    const root = await mkdtemp(join(tmpdir(), "clone-"));
    // a terraform that looks nowhere for providers uses the embedded one
    const nowhere = join(root, "nowhere.tfrc");
    await mkdir(join(root, "mirror"));
    await writeFile(
      nowhere,
      `provider_installation {\n  filesystem_mirror {\n    path = "${root}/mirror"\n  }\n}\n`,
    );
    const clone = new Clone(root, {
      ...process.env,
      ...(provider === "embedded" && { TF_CLI_CONFIG_FILE: nowhere }),
      ...variables,
    });
    const listed = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: checkout,
    });
    for (const file of listed.stdout
      .split("\n")
      .filter((name) => existsSync(join(checkout, name)))) {
      await cp(join(checkout, file), join(clone.folder, file));
    }
    await symlink(join(checkout, "node_modules"), join(clone.folder, "node_modules"));
    return clone;
  }

  /** Where `npm start` keeps its data and logins. */
  get stateFolder(): string {
    return join(this.#root, "state");
  }

  /** Runs one of npm's scripts. */
  async npm(
    script: string,
    args: readonly string[] = [],
    variables: NodeJS.ProcessEnv = {},
  ): Promise<Outcome> {
    const { exitCode, all, stdout } = await execa(
      "npm",
      ["run", "--silent", script, "--", ...args],
      {
        ...this.#options,
        env: { ...this.#variables, ...variables },
      },
    );
    this.outputs.push(all);
    return { exitCode, output: all, stdout };
  }

  /**
   * What one of npm's scripts runs, without npm, in a process group of its own, which a Ctrl-C goes to.
   *
   * @returns when it has printed these words
   */
  async spawn(script: "start" | "demo", words: RegExp): Promise<Run> {
    const args = ["--import", "tsx", `cli/${script}.ts`];
    const child = execa(process.execPath, args, { ...this.#options, detached: true });
    let printed = "";
    child.all.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
    const run: Run = {
      printed: () => printed,
      prints: (pattern) =>
        until(String(pattern), () => {
          if (pattern.test(printed)) return true;
          if (child.all.closed) throw new Error(`it ended before it printed that:\n${printed}`);
          return false;
        }),
      interrupt: () => process.kill(-(child.pid ?? 0), "SIGINT"),
      ended: async () => {
        const { exitCode, all, stdout } = await child;
        this.outputs.push(all);
        return { exitCode, output: all, stdout };
      },
    };
    await run.prints(words);
    return run;
  }

  /**
   * Runs one of npm's scripts where the clone's folder may not be written to: by its mode, and as nobody where root runs the tests,
   * because root may write everywhere.
   */
  async npmReadOnly(script: string, args: readonly string[]): Promise<Outcome> {
    const home = join(this.#root, "home");
    await mkdir(home, { recursive: true });
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
          // Git distrusts what belongs to another user
          GIT_CONFIG_COUNT: "1",
          GIT_CONFIG_KEY_0: "safe.directory",
          GIT_CONFIG_VALUE_0: "*",
        },
      },
    );
    await execa("chmod", ["-R", "u+w", this.folder]);
    this.outputs.push(all);
    return { exitCode, output: all, stdout };
  }

  /** Why {@link npmReadOnly} can prove nothing here; undefined if it can. */
  static whyNotReadOnly(): string | undefined {
    if (!isRoot) return undefined;
    const { exitCode } = execaSync(
      process.execPath,
      ["-e", "fs.accessSync(process.argv[1])", join(checkout, "node_modules/.bin")],
      { uid: nobody, gid: nobody, reject: false },
    );
    return exitCode === 0
      ? undefined
      : "root runs the tests, and nobody else may read this checkout";
  }

  /** Runs one of npm's scripts on a terminal, where somebody answers a question. */
  async npmOnTerminal(
    script: string,
    args: readonly string[],
    [question, answer]: readonly [string, string] = ["", ""],
  ): Promise<Outcome> {
    const terminal = join(import.meta.dirname, "terminal.py");
    const { exitCode, stdout } = await execa(
      "python3",
      [terminal, question, answer, "npm", "run", "--silent", script, "--", ...args],
      this.#options,
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

  /** Gives another clone this one's copy of a file. */
  async copyFile(file: string, to: Clone): Promise<void> {
    await cp(join(this.folder, file), join(to.folder, file));
  }

  /** Edits a file of the clone. */
  async edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(this.folder, file);
    await writeFile(path, change(await readFile(path, "utf8")));
  }

  /** Declares another realm, so that tests side by side do not meet in one. */
  async useRealm(name: string): Promise<void> {
    await this.edit("main.ts", (text) => text.replace('realm: "atlas"', `realm: "${name}"`));
  }

  /** Runs Git in it. */
  async git(...args: readonly string[]): Promise<string> {
    return (await execa("git", args, { cwd: this.folder })).stdout;
  }

  /** Makes it a repository of its own, with one commit. */
  async commitEverything(): Promise<void> {
    await this.git("init", "--quiet", "--initial-branch=main");
    await this.git("config", "user.name", "Test");
    await this.git("config", "user.email", "test@example.com");
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", "the project");
  }

  /** Ends what runs and removes everything. */
  async remove(): Promise<void> {
    await this.npm("reset");
    await rm(this.#root, { recursive: true, force: true });
  }
}
