import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa, execaSync } from "execa";
import { replaceDeclaration } from "../../fixtures/project.ts";

const project = process.cwd();

/** Git repository in a temporary folder. */
export class Repository {
  readonly root = mkdtempSync(join(tmpdir(), "repository-"));
  // a path with characters that JSON escapes
  readonly folder = join(this.root, 'the "clone"');

  constructor() {
    mkdirSync(this.folder);
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("config", "user.name", "Test");
    this.git("config", "user.email", "test@example.com");
  }

  /** Runs Git in the repository. */
  git(...args: readonly string[]): string {
    return execaSync("git", args, { cwd: this.folder }).stdout;
  }

  /** Writes files and commits everything. @returns the commit */
  commit(message: string, files: Readonly<Record<string, string>> = {}): string {
    this.write(files);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** Writes files. */
  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  /** Copies the project as it is in the work tree, without its tests and with their declaration. */
  copyProject(): void {
    const listed = execaSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"]);
    const files = listed.stdout.split("\n").filter((name) => existsSync(join(project, name)));
    for (const file of files.filter((name) => !name.startsWith("__tests__/")))
      cpSync(join(project, file), join(this.folder, file));
    replaceDeclaration(this.folder);
    symlinkSync(join(project, "node_modules"), join(this.folder, "node_modules"));
  }

  /** Runs `npm run review` in the repository, as a user does. */
  async review(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      ["system/run.mjs", "cli/review.ts", ...args],
      { cwd: this.folder, reject: false, timeout: 60_000, ...options },
    );
    return { exitCode, stdout, stderr };
  }

  /** Removes the repository. */
  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
