import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { execa } from "execa";
import { InvalidFileError } from "../../configuration/yaml/problems.ts";
import type { Checked, ValidFile } from "../../operations/check.ts";
import { checkFindings } from "../../operations/check-findings.ts";
import { InvalidDeclarationError, UnavailableError } from "../../text/errors.ts";

const root = mkdtempSync(join(tmpdir(), "check-findings-"));
const project = join(root, "realms/atlas");
mkdirSync(project, { recursive: true });
afterAll(() => {
  rmSync(root, { recursive: true });
});

const problem = { line: 3, column: 11, path: "customers.acme.name", message: "is wrong" };
const found = { line: 3, column: 11, message: "customers.acme.name: is wrong" };

function ofErrors(...errors: Checked["errors"]) {
  return checkFindings({ valid: [], errors }, project);
}

test("are the problems and warnings of each file, with their places", async () => {
  const other = new InvalidFileError("other.yaml", [problem, { message: "is empty" }]);
  const valid: ValidFile = {
    ...{ kind: "customers" as const, file: "customers.yaml", customers: [], lastDays: new Map() },
    warnings: [problem],
  };
  const { findings } = await checkFindings({ valid: [valid], errors: [other] }, project);
  expect(findings).toEqual([
    { severity: "error", check: "invalid-file", file: "other.yaml", message: "is empty" },
    { severity: "error", check: "invalid-file", file: "other.yaml", ...found },
    { severity: "warning", check: "warning", file: "customers.yaml", ...found },
  ]);
});

test("of a folder are in its files", async () => {
  const placed = { ...problem, file: "customers/a.yaml" };
  const valid: ValidFile = {
    ...{ kind: "customers" as const, file: "customers/", customers: [], lastDays: new Map() },
    warnings: [placed],
  };
  const errors = [new InvalidFileError("customers/", [placed, { message: "has no file" }])];
  const { findings } = await checkFindings({ valid: [valid], errors }, project);
  expect(findings.map(({ file }) => file)).toEqual([
    ...["customers", "customers/a.yaml", "customers/a.yaml"],
  ]);
});

test("are in main.ts if the declaration is not valid", async () => {
  const { findings } = await ofErrors(new InvalidDeclarationError("no realm"));
  const check = "invalid-declaration";
  expect(findings).toEqual([{ severity: "error", check, file: "main.ts", message: "no realm" }]);
});

test("have no file if something is missing", async () => {
  const { findings } = await ofErrors(new UnavailableError("the disk is full"));
  expect(findings).toEqual([
    { severity: "error", check: "unavailable", message: "the disk is full" },
  ]);
});

test("name files from the root of the repository", async () => {
  const errors = ["environments/a.yaml", "../shared.yaml", join(root, "customers.yaml")].map(
    (file) => new InvalidFileError(file, [{ message: "is empty" }]),
  );
  const files = async () => (await ofErrors(...errors)).findings.map(({ file }) => file);
  expect(await files()).toEqual(["environments/a.yaml", "../shared.yaml", "../../customers.yaml"]);

  await execa("git", ["init", "--quiet"], { cwd: root });
  expect(await files()).toEqual([
    ...["realms/atlas/environments/a.yaml", "realms/shared.yaml", "customers.yaml"],
  ]);
  expect((await ofErrors()).fallbackFile).toBe("realms/atlas/main.ts");
});
