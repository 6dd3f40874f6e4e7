import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
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
async function errors(...folders: readonly string[]): Promise<string[]> {
  const { stdout } = await cruise("json", folders);
  const { summary } = JSON.parse(stdout) as {
    readonly summary: { readonly violations: readonly Violation[] };
  };
  return summary.violations
    .filter(({ rule }) => rule.severity === "error")
    .map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
    .sort();
}

afterEach(() => {
  rmSync(folder, { recursive: true });
});

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
  test("accept imports that point down", async () => {
    write(tower);
    expect(await cruise("err", folders)).toMatchObject({ exitCode: 0 });
    expect(await errors(...folders)).toEqual([]);
  });

  test("report every import that points up, also of types only, dynamic or by an export", async () => {
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
    });
    expect(await errors(...folders, "__tests__")).toEqual([
      "cli-imports-downwards: cli/upward.ts → __tests__/fixture.ts",
      "configuration-imports-downwards: configuration/upward.ts → operations/plan.ts",
      "constructs-imports-downwards: constructs/upward.ts → configuration/customers.ts",
      "local-imports-downwards: local/upward.ts → cli/deploy.ts",
      "operations-imports-downwards: operations/upward.ts → local/choose-keycloak.ts",
      "system-and-text-imports-downwards: system/upward.ts → constructs/realm.ts",
      "system-and-text-imports-downwards: text/upward.ts → constructs/realm.ts",
    ]);
  });

  test("report a circle of imports, even of types only", async () => {
    write({
      ...tower,
      "text/one.ts": 'import type { Other } from "./other.ts";\nexport type One = Other;\n',
      "text/other.ts": 'import type { One } from "./one.ts";\nexport type Other = One;\n',
    });
    expect(await errors(...folders)).toEqual(["no-circle: text/one.ts → text/other.ts"]);
  });

  test("report a production command that imports the local Keycloak, and fail", async () => {
    write({ ...tower, "cli/plan.ts": 'import "../local/keycloak/keycloak.ts";\n' });
    expect(await cruise("err", folders)).toMatchObject({ exitCode: 1 });
    expect(await errors(...folders)).toEqual([
      "local-is-for-this-machine: cli/plan.ts → local/keycloak/keycloak.ts",
    ]);
  });

  test("report an import of an example or a benchmark, which a team may delete", async () => {
    write({
      ...tower,
      "examples/declaration/ports.ts": "export {};\n",
      "bench/load.ts": 'import "../text/quoted.ts";\nimport "../__tests__/load.ts";\n',
      "local/demo.ts": 'import "../examples/declaration/ports.ts";\n',
      "__tests__/load.ts": "export {};\n",
      "__tests__/load.test.ts": 'import "../bench/load.ts";\n',
    });
    expect(await errors(...folders, "examples", "bench", "__tests__")).toEqual([
      "examples-and-benchmarks-can-be-deleted: __tests__/load.test.ts → bench/load.ts",
      "examples-and-benchmarks-can-be-deleted: local/demo.ts → examples/declaration/ports.ts",
    ]);
  });

  test.each(["packages/provider/upward.ts", "examples/backend/upward.ts"])(
    "report %s, which imports the tower",
    async (file) => {
      write({ ...tower, [file]: 'import "../../text/quoted.ts";\n' });
      expect(await errors(...folders, dirname(file))).toEqual([
        `packages-and-examples-import-nothing-of-the-tower: ${file} → text/quoted.ts`,
      ]);
    },
  );
});
