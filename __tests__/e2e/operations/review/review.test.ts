import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { execaSync } from "execa";
import { baseOf } from "../../../../operations/review/base/git/git.ts";
import { reviewJsonSchema } from "../../../../operations/review/render/json-schema.ts";
import { Repository } from "../../../operations/review/repository.ts";

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

describe("npm run review, with unusable input,", () => {
  test.each([
    [[], "required option '--base <ref>' not specified"],
    [["--base", "main", "--nope"], "unknown option '--nope'"],
  ])("refuses the arguments %j", async (args, problem) => {
    expect(await repository.review(args)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `${problem} (npm run --silent review -- --help shows the usage)`,
    });
  });

  test.each(["nope", "--output=/tmp/x", "main:main.ts", ""])(
    "refuses the base %j, which is not a commit",
    async (ref) => {
      await expect(baseOf(ref, repository.folder)).rejects.toMatchObject({
        exitStatus: 2,
        message: `--base: Git knows no commit ${JSON.stringify(ref)}; name a branch, tag or commit, such as origin/main, and git fetch it first`,
      });
    },
  );

  test("refuses a folder that is not a Git repository", async () => {
    await expect(baseOf("main", repository.root)).rejects.toMatchObject({
      exitStatus: 2,
      message: "this is not a work tree of a Git repository; run this in a clone of the project",
    });
  });

  test("refuses a shallow clone that does not contain the base", async () => {
    const shallow = join(repository.root, "shallow");
    const source = `file://${repository.folder}`;
    execaSync("git", ["clone", "--quiet", "--depth=1", source, shallow]);
    await expect(baseOf(empty, shallow)).rejects.toMatchObject({
      exitStatus: 3,
      message: `this clone is shallow and does not reach from HEAD to "${empty}"; run git fetch --unshallow (in GitHub Actions: fetch-depth: 0)`,
    });
  });
});

describe("npm run review", () => {
  test("has nothing to review at the base commit with a clean work tree", async () => {
    const found = await repository.review(["--base", "main"]);
    expect(found).toMatchObject({ exitCode: 0, stderr: "" });
    expect(found.stdout).toMatch(
      /^Nothing to review: HEAD adds no commit to `main` \([0-9a-f]{7}\), and the work tree is clean\.$/,
    );
  });

  test("reviews uncommitted changes, as JSON", async () => {
    repository.write({ "customers.yaml": customers + hooli });
    const { exitCode, stdout } = await repository.review(["--base", "main", "--json"]);
    expect(exitCode).toBe(0);
    const json = reviewJsonSchema.parse(JSON.parse(stdout));
    expect(json.customers.added.map(({ id }) => id)).toEqual(["hooli"]);
    expect(json.head).toMatchObject({ workTreeChanged: true });
    expect(json.settings).toEqual([]);
  });

  test("writes JSON to a file besides the printed Markdown, also if it refuses the change", async () => {
    repository.write({ "customers.yaml": withoutAcme() });
    const file = join(repository.root, "review.json");
    const args = ["--base", "main", "--json-file", file];
    const { exitCode, stdout } = await repository.review(args);
    expect(stdout).toMatch(/^Removes the customer `acme`/m);
    expect(exitCode).toBe(1);
    const { refused } = reviewJsonSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    expect(refused.map(({ code }) => code)).toEqual(["not-suspended"]);
  });

  test("reports a JSON file that it cannot write, without a stack trace", async () => {
    const args = ["--base", "main", "--json-file", join(repository.root, "missing/review.json")];
    const { exitCode, stdout, stderr } = await repository.review(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(/^ENOENT: no such file or directory, open '.*missing\/review\.json'$/);
  });

  test("reports everything as new if the base does not contain the project", async () => {
    const { exitCode, stdout } = await repository.review(["--base", empty]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Declares the realm `atlas`, adds the customers /);
    expect(stdout).toContain(
      `\`${empty}\` (${empty.slice(0, 7)}) has no environment \`local\`, so everything is new.`,
    );
  });

  test("reports the problems of a base whose customers.yaml is not valid", async () => {
    repository.git("checkout", "--quiet", "-b", "broken");
    const base = repository.commit("break", {
      "customers.yaml": customers.replace("[orders:read]", "[order:read]"),
    });
    repository.commit("fix", { "customers.yaml": customers });
    const found = await repository.review(["--base", base]);
    repository.git("checkout", "--quiet", "main");
    expect(found).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: [
        `cannot review against the base "${base}" (${base.slice(0, 7)}); fix it there, or name another commit with --base:`,
        "customers.yaml is not valid: 1 problem",
        '  customers.yaml:6:19  customers.acme.access.atlas-api[0]: unknown permission "order:read"; did you mean "orders:read"?',
      ].join("\n"),
    });
  });

  test("runs the code of the base, and ignores later commits of its branch", async () => {
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
    expect(stdout.split("\n")).toEqual([
      "Changes settings of the realm `atlas`.",
      "",
      expect.stringMatching(/^Compared with `main` \([0-9a-f]{7}\)\.$/),
      "",
      "### Settings",
      "",
      "| of | what | from | to |",
      "| --- | --- | --- | --- |",
      "| realm `atlas` | `display_name` | `Atlas` | `Atlas 2` |",
    ]);
  });
});

describe("npm run review, with a guard rail that refuses,", () => {
  afterEach(() => {
    repository.git("checkout", "--quiet", "main");
  });

  const branch = (name: string) => {
    repository.git("checkout", "--quiet", "-b", name, "main");
  };
  const accident = () => repository.commit("Tidy up", { "customers.yaml": withoutAcme() });
  const trailer = "Allow-removal: acme";
  const refusal = "**deletes customers that are not suspended**: `acme`";

  test("refuses a removal until a trailer of its commit names the customer", async () => {
    branch("removal");
    repository.commit("Remove acme\n\nAllow-removal: globex", { "customers.yaml": withoutAcme() });
    const refused = await repository.review(["--base", "main"]);
    repository.git("commit", "--quiet", "--amend", "-m", `Remove acme\n\n${trailer}`);
    const commit = repository.commit("Then something else", { "README.md": "Read me.\n" });
    const allowed = await repository.review(["--base", "main"]);
    const removal = repository.git("rev-parse", "--short=7", `${commit}~1`);
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain(refusal);
    expect(refused.stderr).toContain("Allow-removal: acme   --allow-removal acme");
    expect(allowed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(allowed.stdout).toContain(
      `overridden by \`Allow-removal\` in commit \`${removal}\` by \`Test\``,
    );
    expect(allowed.stdout.split("\n")[2]).toBe("> [!WARNING]");
  });

  test("does not accept the trailer of a removal that was reverted, for a later one", async () => {
    branch("reverted");
    repository.commit(`Remove acme\n\n${trailer}`, { "customers.yaml": withoutAcme() });
    repository.git("revert", "--no-edit", "HEAD");
    accident();
    const { exitCode, stdout } = await repository.review(["--base", "main"]);
    expect(stdout).toContain(refusal);
    expect(exitCode).toBe(1);
  });

  test("does not accept a trailer for what is not committed", async () => {
    branch("uncommitted");
    repository.commit(`Nothing yet\n\n${trailer}`);
    repository.write({ "customers.yaml": withoutAcme() });
    const { exitCode, stdout } = await repository.review(["--base", "main"]);
    repository.git("reset", "--quiet", "--hard");
    expect(stdout).toContain(refusal);
    expect(exitCode).toBe(1);
  });

  test("refuses to renew the secrets of all customers until a trailer names all of them", async () => {
    branch("secrets");
    const settings = "constructs/client-settings.ts";
    const renewed = read(settings).replace(
      'clientSecretWoVersion: "1"',
      'clientSecretWoVersion: "2"',
    );
    repository.commit("Renew", { [settings]: renewed });
    const refused = await repository.review(["--base", "main"]);
    const names = "API atlas-api, acme, globex, initech";
    repository.git("commit", "--quiet", "--amend", "-m", `Renew\n\nAllow-new-secret: ${names}`);
    const allowed = await repository.review(["--base", "main"]);
    expect(refused.stdout).toContain(
      "**gets a new secret**: `API atlas-api`, `acme`, `globex`, `initech`",
    );
    expect(refused.stdout).toContain("| `client_secret_wo_version` | `1` | `2` |");
    expect(refused.stderr).toContain(`Allow-new-secret: ${names}   --allow-new-secret '${names}'`);
    expect(refused.exitCode).toBe(1);
    expect(allowed).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("refuses to take all permissions from all customers", async () => {
    const without = customers.replaceAll(/atlas-api: \[.*\]/g, "atlas-api: []");
    repository.write({ "customers.yaml": without });
    const refused = await repository.review(["--base", "main"]);
    const allowed = await repository.review(["--base", "main", "--allow-many", "2"]);
    expect(refused.stderr).toContain('takes access from: "acme", "globex"');
    expect(refused.exitCode).toBe(1);
    expect(allowed.stdout).toContain("overridden by the option `--allow-many`");
    expect(allowed.exitCode).toBe(0);
  });
});

test("npm run review leaves no work tree behind in the repository", () => {
  expect(readdirSync(join(repository.folder, ".git"))).not.toContain("worktrees");
});
