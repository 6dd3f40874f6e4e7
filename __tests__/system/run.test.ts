import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { checkout } from "../../system/folders.ts";
import { SmallCheckout } from "./small-checkout.ts";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

/** A program that prints its arguments and its environment variables as JSON. */
const probe =
  "const seen = { args: process.argv.slice(2), variables: process.env };\nconsole.log(JSON.stringify(seen));\n";

let small: SmallCheckout;
let root: string;

beforeEach(() => {
  small = new SmallCheckout();
  ({ root } = small);
  mkdirSync(join(root, "temporary"));
  write("cli/probe.mjs", probe);
});
afterEach(() => {
  small.remove();
});

function write(file: string, text: string): void {
  small.write(file, text);
}

function writePackage(node: string): void {
  small.writePackage(node);
}

function remove(path: string): void {
  rmSync(join(root, path), { recursive: true });
}

/** Runs system/run.mjs in the small checkout, with only these environment variables. */
function run(args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  return small.run(args, variables);
}

/** The outcome of a run that ends with a problem in one line, without a stack trace. */
function problem(line: string) {
  return { exitCode: 3, stdout: "", stderr: line };
}

const noProblem = { exitCode: 0, stdout: "", stderr: "" };

/** What a program sees that system/run.mjs runs with some environment variables. */
async function seen(variables: NodeJS.ProcessEnv, ...args: readonly string[]) {
  const { stdout, ...outcome } = await run(["cli/probe.mjs", ...args], variables);
  expect(outcome).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as { args: string[]; variables: Partial<Record<string, string>> };
}

describe("a program", () => {
  test("gets its arguments unchanged", async () => {
    const args = ["acme", "--since", "a b", "--", ""];
    expect((await seen({}, ...args)).args).toEqual(args);
  });

  test("may be written in TypeScript", async () => {
    write("cli/typed.ts", "const text: string = 'typed';\nconsole.log(text satisfies string);\n");
    expect(await run(["cli/typed.ts"])).toEqual({ ...noProblem, stdout: "typed" });
  });

  test("is not run if a file that it imports has a mistake, whose place is reported", async () => {
    write("cli/typed.ts", 'import "./mistaken.ts";\nconsole.log("runs");\n');
    write("cli/mistaken.ts", 'import "./missing.ts";\nconst text = ;\n');
    const { exitCode, stdout, stderr } = await run(["cli/typed.ts"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toBe('cli/mistaken.ts:2:14  Unexpected ";"');
    write("cli/mistaken.ts", 'import "./missing.ts";\n');
    expect((await run(["cli/typed.ts"])).stderr).toContain(
      'cli/mistaken.ts:1:8  Could not resolve "./missing.ts"',
    );
  });

  test("keeps its place in import.meta, and leaves no file behind", async () => {
    const TMPDIR = join(root, "temporary");
    write("cli/deep/place.ts", "export const place = [import.meta.url, import.meta.dirname];\n");
    write(
      "cli/typed.ts",
      'import { place } from "./deep/place.ts";\nconsole.log(place.join());\nprocess.exit(0);\n',
    );
    const folder = join(root, "cli/deep");
    expect(await run(["cli/typed.ts"], { TMPDIR })).toEqual({
      ...noProblem,
      stdout: `${pathToFileURL(join(folder, "place.ts")).href},${folder}`,
    });
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  test("has the places of its sources in a stack trace, if somebody asks for them", async () => {
    write(
      "cli/deep/failing.ts",
      "export const fail = (): never => {\n  throw new TypeError('boom');\n};\n",
    );
    write("cli/typed.ts", 'import { fail } from "./deep/failing.ts";\nfail();\n');
    const { stderr } = await run(["cli/typed.ts"], { NODE_OPTIONS: "--enable-source-maps" });
    expect(stderr).toContain(join(root, "cli/deep/failing.ts:2:9"));
  });

  test("loads packages, CommonJS and JSON files as Node does", async () => {
    write(
      "node_modules/one/package.json",
      '{"name":"one","exports":{"module":"./bundler.js","default":"./one.cjs"}}',
    );
    write("node_modules/one/one.cjs", "exports.one = 'package';");
    write("node_modules/one/bundler.js", "export const one = 'wrong';");
    write("cli/common.cjs", "exports.common = require('one').one + ' of CommonJS';");
    write("cli/data.json", '{"data": "JSON"}');
    write(
      "cli/typed.ts",
      `import { one } from "one";
import { common } from "./common.cjs";
import data from "./data.json" with { type: "json" };
console.log([one, common, data.data].join());
`,
    );
    expect(await run(["cli/typed.ts"])).toEqual({
      ...noProblem,
      stdout: "package,package of CommonJS,JSON",
    });
  });

  test("is optional: without one, only the installation is checked", async () => {
    expect(await run([])).toEqual(noProblem);
  });
});

describe("a Node that package.json does not support", () => {
  const advice = (range: string) =>
    `Node ${process.versions.node} is not supported; install a Node that matches ${range}: https://nodejs.org`;

  test.each([
    ["^18.1.0"],
    [">=99.0.0"],
    ["^18.1.0 || >=99.0.0"],
    [`^${major}.${minor + 1}.0`],
    [`^${major - 1}.0.0 || >=${major}.${minor + 1}.0`],
  ])("is reported: %s", async (range) => {
    writePackage(range);
    expect(await run(["cli/probe.mjs"])).toEqual(problem(advice(range)));
  });

  test("is reported first, because npm packages for another one do not help", async () => {
    writePackage("^18.1.0");
    remove("node_modules");
    expect(await run(["cli/probe.mjs"])).toEqual(problem(advice("^18.1.0")));
  });
});

test.each([
  [`^${major}.${minor}.0`],
  [`^18.1.0 || ^${major}.0.0 || >=99.0.0`],
  [`>=${major - 1}.99.0`],
])("a Node that package.json supports is accepted: %s", async (range) => {
  writePackage(range);
  expect(await run([])).toEqual(noProblem);
});

describe("an incomplete installation is reported:", () => {
  test("no npm packages", async () => {
    remove("node_modules");
    expect(await run(["cli/probe.mjs"])).toEqual(
      problem("npm packages are missing, such as production-package; run npm ci"),
    );
  });

  test("a missing npm package", async () => {
    remove("node_modules/@cdktf/provider-keycloak");
    expect(await run(["cli/probe.mjs"])).toEqual(
      problem("npm packages are missing, such as @cdktf/provider-keycloak; run npm ci"),
    );
  });

  test("missing development packages, for everything that needs them", async () => {
    remove("node_modules/development-package");
    for (const file of ["cli/demo.ts", "bench/probe.mjs"]) write(file, probe);
    const expected = problem(
      "development packages are missing, such as development-package; run npm ci --include=dev",
    );
    expect(await run(["cli/demo.ts"])).toEqual(expected);
    expect(await run(["bench/probe.mjs"])).toEqual(expected);
    expect(await run([])).toEqual(expected);
  });

  test("a program that somebody has deleted", async () => {
    expect(await run(["bench/run.ts"])).toEqual(
      problem("bench/run.ts is not in this checkout; restore it from Git, then run npm ci"),
    );
  });

  test("missing generated bindings", async () => {
    remove("node_modules/@cdktf/provider-keycloak/lib");
    expect(await run(["cli/probe.mjs"])).toEqual(
      problem(
        "the generated code of @cdktf/provider-keycloak is missing, because npm ran without install scripts; run npm rebuild --ignore-scripts=false @cdktf/provider-keycloak",
      ),
    );
  });
});

test("commands for production run without development packages", async () => {
  remove("node_modules/development-package");
  expect((await seen({})).args).toEqual([]);
});

test("declarations run without development packages, here and in a folder of their own", async () => {
  remove("node_modules/development-package");
  write("main.ts", "console.log('declared');\n");
  for (const main of ["main.ts", join(root, "main.ts")])
    expect(await run([main])).toEqual({ ...noProblem, stdout: "declared" });
});

describe("a temporary folder that cannot be used is reported:", () => {
  const advice = "set TMPDIR to a folder that you can write to, with some free space";

  test("it does not exist", async () => {
    const folder = join(root, "missing");
    expect(await run(["cli/probe.mjs"], { TMPDIR: folder })).toEqual(
      problem(`the temporary folder ${folder} cannot be used (ENOENT); ${advice}`),
    );
  });

  test("it is a file", async () => {
    const file = join(root, "package.json");
    expect(await run(["cli/probe.mjs"], { TMPDIR: file })).toEqual(
      problem(`the temporary folder ${file} cannot be used (ENOTDIR); ${advice}`),
    );
  });
});

describe("HOME and XDG folders", () => {
  const names = ["HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"];
  const all = (value: string) => Object.fromEntries(names.map((name) => [name, value]));

  test("are kept if they are absolute", async () => {
    const { variables } = await seen(all("/some/folder"));
    expect(variables).toMatchObject(all("/some/folder"));
  });

  test.each([["some/folder"], ["."], [""]])("are ignored if they are %j", async (value) => {
    const { variables } = await seen(all(value));
    expect(Object.keys(variables).filter((name) => names.includes(name))).toEqual([]);
  });
});

test("a relative TMPDIR becomes absolute, because programs work in other folders", async () => {
  const { variables } = await seen({ TMPDIR: "temporary" });
  expect(variables.TMPDIR).toBe(join(root, "temporary"));
});

test("npm refuses a Node that package.json does not name", async () => {
  const cwd = join(root, "engines");
  mkdirSync(cwd);
  copyFileSync(join(checkout, ".npmrc"), join(cwd, ".npmrc"));
  writeFileSync(join(cwd, "package.json"), '{ "engines": { "node": ">=999" } }');
  const { exitCode, stderr } = await execa("npm", ["install", "--loglevel=error"], {
    cwd,
    reject: false,
  });
  expect(stderr).toContain("EBADENGINE");
  expect(exitCode).not.toBe(0);
});

describe("exceptions from a proxy", () => {
  test.each<[string, NodeJS.ProcessEnv, string]>([
    ["nothing", {}, "localhost,127.0.0.1,::1"],
    ["an empty list", { NO_PROXY: "" }, "localhost,127.0.0.1,::1"],
    ["NO_PROXY", { NO_PROXY: "example.com" }, "example.com,localhost,127.0.0.1,::1"],
    ["no_proxy", { no_proxy: "a.com,.b.com" }, "a.com,.b.com,localhost,127.0.0.1,::1"],
    ["both", { no_proxy: "a.com", NO_PROXY: "b.com" }, "a.com,b.com,localhost,127.0.0.1,::1"],
    ["spaces", { no_proxy: " a.com, b.com " }, "a.com,b.com,localhost,127.0.0.1,::1"],
    [
      "a list with this machine",
      { NO_PROXY: "localhost,example.com" },
      "localhost,example.com,127.0.0.1,::1",
    ],
  ])("contain this machine after %s", async (_, given, expected) => {
    const { variables } = await seen(given);
    expect(variables).toMatchObject({ NO_PROXY: expected, no_proxy: expected });
  });

  test.each([[{ NO_PROXY: "*" }], [{ no_proxy: "a.com", NO_PROXY: "*" }]])(
    "stay everything after %j",
    async (given) => {
      const { variables } = await seen(given);
      expect(variables).toMatchObject({ NO_PROXY: "*", no_proxy: "*" });
    },
  );
});
