import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";

const folder = mkdtempSync(join(tmpdir(), "touched-files-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface File {
  readonly filename: string;
  readonly previous_filename?: string;
}

/** The first lines of the comment on a pull request with these files. */
async function lines(...files: readonly (string | File)[]): Promise<string> {
  const list = join(folder, "files.json");
  const entries = files.map((file) => (typeof file === "string" ? { filename: file } : file));
  writeFileSync(list, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  const script = ".github/scripts/touched-files.mjs";
  const { stdout } = await execa(process.execPath, [script, list, String(files.length)]);
  return stdout;
}

const edits = "**This change edits what reviews it.**";

describe("the first lines of the comment", () => {
  test("do not exist for the team's own files", async () => {
    const own = [
      "main.ts",
      ...["customers.yaml", "customers/acme.yaml", "customers.schema.json"],
      ".github/CODEOWNERS",
      ".gitlab/CODEOWNERS",
      ...["keys/acme.pem", "keys/acme.jwk", "keys/acme.json"],
    ];
    expect(await lines(...own, "environments/production.yaml", "environments/eu/a.yaml")).toBe("");
  });

  test.each([
    "package.json",
    "operations/review/guard/guard.ts",
    ".github/workflows/review.yml",
    "Main.ts",
    "sub/main.ts",
    "environments",
    "environments/pipeline",
    "docs",
    "main.ts\npackage.json",
    ...[
      "keys/acme.mjs",
      "keys/acme.json.ts",
      "keys/sub/acme.json",
      "sub/keys/acme.pem",
      "acme.json",
    ],
    ...["customers/acme.yml", "customers/.prettierrc.yaml", "customers/sub/acme.yaml"],
    ...["customers/acme.yaml.mjs", "customers/README"],
    ...["keys/.prettierrc.json", "keys", "keys/../package.json"],
  ])("name %j as a file that reviews", async (name) => {
    expect(await lines("main.ts", name)).toContain(
      `${edits} It touches 1 file outside the team's own: `,
    );
  });

  test("list documents separately", async () => {
    expect(await lines("docs/review.md", "README.md", "docs/images/a.png")).toBe(
      "It touches 3 documents outside the team's own: `docs/review.md`, `README.md`, `docs/images/a.png`.\n",
    );
    expect(await lines("README.md", "package.json")).toBe(
      `${edits} It touches 1 file outside the team's own: \`package.json\`.\n\n` +
        "It touches 1 document outside the team's own: `README.md`.\n",
    );
  });

  test("count a renamed file with both names", async () => {
    const into = { filename: "environments/guard.ts", previous_filename: "operations/guard.ts" };
    const out = { filename: "operations/main.ts", previous_filename: "main.ts" };
    expect(await lines(into)).toContain("`operations/guard.ts`");
    expect(await lines(out)).toContain("1 file outside the team's own: `operations/main.ts`.");
  });

  test("name 20 files and count the others", async () => {
    const names = Array.from({ length: 25 }, (_, index) => `cli/${index}.ts`);
    const text = await lines(...names);
    expect(text).toContain("It touches 25 files outside the team's own: `cli/0.ts`, ");
    expect(text).toMatch(/`cli\/19\.ts` and 5 more\.\n$/);
  });

  test.each([
    ["a`b``c", "```a`b``c```"],
    ["`", "`` ` ``"],
    ["a\n# b\r", "`a\\u{a}# b\\u{d}`"],
    ["<!-- @octocat", "`<!-- @octocat`"],
    ["a\u202eb\u200bc\u3164", "`a\\u{202e}b\\u{200b}c\\u{3164}`"],
    ["x".repeat(200), `\`${"x".repeat(120)}…\``],
  ])("show the name %j as code that it cannot leave", async (name, expected) => {
    expect(await lines(name)).toBe(
      `${edits} It touches 1 file outside the team's own: ${expected}.\n`,
    );
  });
});
