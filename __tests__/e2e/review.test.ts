import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { execaSync } from "execa";
import { baseOf } from "../../operations/review/base/git.ts";
import { reviewJsonSchema } from "../../operations/review/render/json.ts";
import { TemporaryFolder } from "../../system/temporary-folder.ts";
import { Repository } from "../operations/review/repository.ts";

const repository = new Repository();
const read = (file: string) => readFileSync(join(repository.folder, file), "utf8");
let empty = "";
let customers = "";

beforeAll(() => {
  empty = repository.commit("nothing yet", { "notes.txt": "soon\n" });
  repository.copyProject();
  repository.commit("the project");
  customers = read("customers.yaml");
});

afterEach(() => {
  repository.git("reset", "--quiet", "--hard");
});

afterAll(() => {
  repository.remove();
});

const hooli = `  hooli:
    name: Hooli
    contact: api@hooli.example
    access:
      atlas-api: [orders:read]
`;
const withoutAcme = () => customers.replace(/ {2}acme:[^]*?(?= {2}globex:)/, "");

describe("wrong usage and what is missing", () => {
  test.each([
    [[], "name what to compare with: npm run review -- --base origin/main"],
    [["--base", "main", "--nope"], /^Unknown option '--nope'/],
  ])("%j", async (args, words) => {
    const found = await repository.review(args);
    expect(found).toMatchObject({ exitCode: 2, stdout: "" });
    expect(found.stderr).toMatch(words);
  });

  test.each(["nope", "--output=/tmp/x", "main:main.ts", ""])("no commit: %j", async (ref) => {
    await expect(baseOf(ref, repository.folder)).rejects.toMatchObject({
      exitStatus: 2,
      message: `--base: Git knows no commit ${JSON.stringify(ref)}; name a branch, tag or commit, such as origin/main, and git fetch it first`,
    });
  });

  test("no Git repository", async () => {
    await expect(baseOf("main", repository.root)).rejects.toMatchObject({
      exitStatus: 2,
      message: "this is no work tree of a Git repository; run this in a clone of the project",
    });
  });

  test("a shallow clone without the base", async () => {
    const shallow = join(repository.root, "shallow");
    const source = `file://${repository.folder}`;
    execaSync("git", ["clone", "--quiet", "--depth=1", source, shallow]);
    await expect(baseOf(empty, shallow)).rejects.toMatchObject({
      exitStatus: 3,
      message: `this clone is shallow and does not reach from HEAD to "${empty}"; run git fetch --unshallow (in GitHub Actions: fetch-depth: 0)`,
    });
  });

  test("no folder for temporary files", async () => {
    const before = tmpdir();
    process.env.TMPDIR = join(repository.folder, "notes.txt");
    const found = TemporaryFolder.create();
    await expect(found).rejects.toThrow(
      /^cannot create a temporary folder; set TMPDIR to a writable folder: ENOTDIR/,
    );
    await expect(found).rejects.toMatchObject({ exitStatus: 3 });
    process.env.TMPDIR = before;
  });
});

describe("what is reviewed", () => {
  test("the same commit and a clean work tree: nothing", async () => {
    const found = await repository.review(["--base", "main"]);
    expect(found).toMatchObject({ exitCode: 0, stderr: "" });
    expect(found.stdout).toMatch(
      /^Nothing to review: HEAD has nothing that `main` \([0-9a-f]{7}\) has not, and the work tree is clean\.$/,
    );
  });

  test("the work tree as it is, as JSON", async () => {
    repository.write({ "customers.yaml": customers + hooli });
    const { exitCode, stdout } = await repository.review(["--base", "main", "--json"]);
    expect(exitCode).toBe(0);
    const json = reviewJsonSchema.parse(JSON.parse(stdout));
    expect(json.customers.added.map(({ id }) => id)).toEqual(["hooli"]);
    expect(json.head).toMatchObject({ workTreeChanged: true });
    expect(json.settings).toEqual([]);
  });

  test("a base before the project: everything is new", async () => {
    const { exitCode, stdout } = await repository.review(["--base", empty]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Declares the realm `atlas`, adds the customers /);
    expect(stdout).toContain("there is no environment `local` yet: everything is new.");
  });

  test("a base whose file is not valid", async () => {
    repository.git("checkout", "--quiet", "-b", "broken");
    const base = repository.commit("break", {
      "customers.yaml": customers.replace("[orders:read]", "[order:read]"),
    });
    repository.commit("mend", { "customers.yaml": customers });
    const found = await repository.review(["--base", base]);
    repository.git("checkout", "--quiet", "main");
    expect(found).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: [
        `the base "${base}" (${base.slice(0, 7)}) cannot be reviewed against; mend it there, or name another with --base:`,
        "customers.yaml is not valid: 1 problem",
        '  customers.yaml:7:19  customers.acme.access.atlas-api[0]: unknown permission "order:read"; did you mean "orders:read"?',
      ].join("\n"),
    });
  });

  test("a base with other code, by that code, and what the base got since is no part of it", async () => {
    repository.git("checkout", "--quiet", "-b", "code");
    const main = read("main.ts").replace('displayName: "Atlas"', 'displayName: "Atlas 2"');
    repository.commit("rename", { "main.ts": main });
    repository.git("checkout", "--quiet", "main");
    repository.commit("meanwhile", { "customers.yaml": customers + hooli });
    repository.git("checkout", "--quiet", "code");
    const { exitCode, stdout, stderr } = await repository.review(["--base", "main"]);
    repository.git("checkout", "--quiet", "main");
    repository.git("reset", "--quiet", "--hard", "HEAD~1");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toBe(
      [
        "Changes settings of the realm `atlas`.",
        "",
        "### Settings",
        "",
        "| of | what | from | to |",
        "| --- | --- | --- | --- |",
        "| realm `atlas` | `display_name` | `Atlas` | `Atlas 2` |",
      ].join("\n"),
    );
  });

  test("a removal: refused, and not with a trailer for another; done with the right words", async () => {
    repository.git("checkout", "--quiet", "-b", "removal");
    repository.commit("Remove acme\n\nAllow-removal: globex", { "customers.yaml": withoutAcme() });
    const refused = await repository.review(["--base", "main"]);
    repository.commit("Say so\n\nAllow-removal: acme");
    const overruled = await repository.review(["--base", "main"]);
    repository.git("checkout", "--quiet", "main");
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain("**deletes customers that are not suspended**: `acme`");
    expect(refused.stderr).toContain("Allow-removal: acme   --allow-removal acme");
    expect(overruled).toMatchObject({ exitCode: 0, stderr: "" });
    expect(overruled.stdout).toContain("by `Allow-removal: acme`");
  });
});

test("nothing stays behind in the repository", () => {
  expect(readdirSync(join(repository.folder, ".git"))).not.toContain("worktrees");
});
