import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";

let folder: string;

/** Writes a tree of files next to the project's own rules. */
function write(files: Readonly<Record<string, string>>): void {
  folder = mkdtempSync(join(tmpdir(), "tower-"));
  for (const file of [".dependency-cruiser.mjs", "tsconfig.json"]) cpSync(file, join(folder, file));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Runs dependency-cruiser in the tree. */
function cruise(outputType: string, folders: readonly string[]) {
  return execa(
    resolve("node_modules/.bin/depcruise"),
    ["--config", ".dependency-cruiser.mjs", "--output-type", outputType, ...folders],
    { cwd: folder, reject: false },
  );
}

interface Violation {
  readonly rule: { readonly name: string; readonly severity: string };
  readonly from: string;
  readonly to: string;
}

/** The errors that dependency-cruiser reports in the tree, each as `rule: importer → imported`. */
async function reported(...folders: readonly string[]): Promise<string[]> {
  const { stdout } = await cruise("json", folders);
  const { summary } = JSON.parse(stdout) as {
    readonly summary: { readonly violations: readonly Violation[] };
  };
  return summary.violations
    .filter(({ rule }) => rule.severity === "error")
    .map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
    .sort();
}

const tower = {
  "text/quoted.ts": "export type Text = string;\n",
  "system/ports.ts": 'import type { Text } from "../text/quoted.ts";\nexport type Port = Text;\n',
  "constructs/realm.ts": 'export type { Port } from "../system/ports.ts";\n',
  "configuration/customers.ts": 'export type { Port } from "../constructs/realm.ts";\n',
  "operations/plan.ts": 'export type { Port } from "../configuration/customers.ts";\n',
  "local/keycloak/keycloak.ts": 'export { type Port } from "../../operations/plan.ts";\n',
  "local/choose-keycloak.ts": 'export { type Port } from "./keycloak/keycloak.ts";\n',
  "cli/start.ts": 'import "../local/keycloak/keycloak.ts";\n',
  "cli/deploy.ts": 'import "../local/choose-keycloak.ts";\n',
  "packages/provider/index.ts": 'import "./value.ts";\n',
  "packages/provider/value.ts": "export const value = 1;\n",
};
const folders = [...new Set(Object.keys(tower).map((name) => name.split("/")[0] ?? ""))];

describe("the import rules", () => {
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test("accept imports that point down", async () => {
    write(tower);
    expect(await cruise("err", folders)).toMatchObject({ exitCode: 0 });
  });

  test("make the check fail", async () => {
    write({ ...tower, "cli/plan.ts": 'import "../local/keycloak/keycloak.ts";\n' });
    expect(await cruise("err", folders)).toMatchObject({ exitCode: 1 });
  });
});

describe("the import rules report", () => {
  let errors: string[];
  const errorsOf = (pattern: RegExp) => errors.filter((error) => pattern.test(error));

  beforeAll(async () => {
    write({
      ...tower,
      "text/upward.ts": 'import "../constructs/realm.ts";\n',
      "system/upward.ts":
        'import type { Port } from "../constructs/realm.ts";\nexport type X = Port;\n',
      "constructs/upward.ts": 'export * from "../configuration/customers.ts";\n',
      "configuration/upward.ts": 'import "../operations/plan.ts";\n',
      "operations/upward.ts":
        'import type { Port } from "../local/choose-keycloak.ts";\nexport type X = Port;\n',
      "local/upward.ts": 'await import("../cli/deploy.ts");\n',
      "cli/upward.ts": 'import "../__tests__/fixture.ts";\n',
      "__tests__/fixture.ts": "export {};\n",

      "text/one.ts": 'import type { Other } from "./other.ts";\nexport type One = Other;\n',
      "text/other.ts": 'import type { One } from "./one.ts";\nexport type Other = One;\n',

      "cli/plan.ts": 'import "../local/keycloak/keycloak.ts";\n',

      "examples/declaration/ports.ts": "export {};\n",
      "bench/load.ts": 'import "../text/quoted.ts";\nimport "../__tests__/load.ts";\n',
      "local/demo.ts": 'import "../examples/declaration/ports.ts";\n',
      "__tests__/load.ts": "export {};\n",
      "__tests__/load.test.ts": 'import "../bench/load.ts";\n',

      "packages/provider/upward.ts": 'import "../../text/quoted.ts";\n',
      "examples/backend/upward.ts": 'import "../../text/quoted.ts";\n',
    });
    errors = await reported(...folders, "examples", "bench", "__tests__");
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("every import that points up, also of types only, dynamic or by an export", () => {
    expect(errorsOf(/-imports-downwards: /)).toEqual([
      "cli-imports-downwards: cli/upward.ts → __tests__/fixture.ts",
      "configuration-imports-downwards: configuration/upward.ts → operations/plan.ts",
      "constructs-imports-downwards: constructs/upward.ts → configuration/customers.ts",
      "local-imports-downwards: local/upward.ts → cli/deploy.ts",
      "operations-imports-downwards: operations/upward.ts → local/choose-keycloak.ts",
      "system-and-text-imports-downwards: system/upward.ts → constructs/realm.ts",
      "system-and-text-imports-downwards: text/upward.ts → constructs/realm.ts",
    ]);
  });

  test("a circle of imports, even of types only", () => {
    expect(errorsOf(/text\/one\.ts/)).toEqual(["no-circle: text/one.ts → text/other.ts"]);
  });

  test("a production command that imports the local Keycloak", () => {
    expect(errorsOf(/cli\/plan\.ts/)).toEqual([
      "local-is-for-this-machine: cli/plan.ts → local/keycloak/keycloak.ts",
    ]);
  });

  test("an import of an example or a benchmark, which a team may delete", () => {
    expect(errorsOf(/load\.|local\/demo\.ts/)).toEqual([
      "examples-and-benchmarks-can-be-deleted: __tests__/load.test.ts → bench/load.ts",
      "examples-and-benchmarks-can-be-deleted: local/demo.ts → examples/declaration/ports.ts",
    ]);
  });

  test("a package or an example that imports the tower", () => {
    expect(errorsOf(/(packages|examples)\/\w+\/upward\.ts/)).toEqual([
      "packages-and-examples-import-nothing-of-the-tower: examples/backend/upward.ts → text/quoted.ts",
      "packages-and-examples-import-nothing-of-the-tower: packages/provider/upward.ts → text/quoted.ts",
    ]);
  });

  test("nothing else", () => {
    expect(errors).toHaveLength(13);
  });
});
