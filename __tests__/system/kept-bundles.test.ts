import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { SmallCheckout } from "./small-checkout.ts";

let small: SmallCheckout;
let folder: string;

beforeEach(() => {
  small = new SmallCheckout();
  folder = join(small.root, "node_modules/.cache/programs");
  small.write("node_modules/one/package.json", '{"name":"one","main":"one.js"}');
  small.write("node_modules/one/one.js", "exports.one = __filename.slice(-6);");
  small.write("cli/part.ts", "export const part: string = 'part';\n");
  small.write(
    "cli/typed.ts",
    'import { one } from "one";\nimport { part } from "./part.ts";\nconsole.log([one, part].join());\n',
  );
});
afterEach(() => {
  small.remove();
});

/** What the program prints. */
async function printed(): Promise<string> {
  const { exitCode, stdout, stderr } = await small.run(["cli/typed.ts"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout;
}

/** The kept bundles. */
function kept(): string[] {
  return readdirSync(folder);
}

function onlyKept(): string {
  const [name = ""] = readdirSync(folder);
  return join(folder, name);
}

describe("the next run of a program", () => {
  test("uses the same bundle", async () => {
    expect(await printed()).toBe("one.js,part");
    expect(await printed()).toBe("one.js,part");
    expect(kept()).toHaveLength(1);
    writeFileSync(onlyKept(), readFileSync(onlyKept(), "utf8").replace('"part"', '"kept"'));
    expect(await printed()).toBe("one.js,kept");
  });

  test.each([
    ["the program", "cli/typed.ts", "console.log('changed');\n", "changed"],
    ["a file that it imports", "cli/part.ts", "export const part = 'next';\n", "one.js,next"],
    ["a package", "node_modules/one/one.js", "exports.one = 2;", "2,part"],
    ["the entry of a package", "node_modules/one/package.json", '{"main":"two.js"}', "two,part"],
  ])("notices a change of %s", async (_, file, text, expected) => {
    small.write("node_modules/one/two.js", "exports.one = 'two';");
    await printed();
    small.write(file, text);
    expect(await printed()).toBe(expected);
  });

  test("notices a file that is gone", async () => {
    await printed();
    rmSync(join(small.root, "cli/part.ts"));
    expect(await small.run(["cli/typed.ts"])).toMatchObject({ exitCode: 1, stdout: "" });
  });

  test.each([
    ["is cut off", (text: string) => text.slice(0, -10)],
    ["is cut off in its first line", (text: string) => text.slice(0, 10)],
    ["is empty", () => ""],
  ])("replaces a bundle that %s", async (_, damage) => {
    await printed();
    const whole = readFileSync(onlyKept(), "utf8");
    writeFileSync(onlyKept(), damage(whole));
    expect(await printed()).toBe("one.js,part");
    expect(readFileSync(onlyKept(), "utf8")).toBe(whole);
  });
});

test("programs run without a folder for bundles", async () => {
  small.write("node_modules/.cache", "a file, so that nobody can write below it");
  expect(await printed()).toBe("one.js,part");
});

test("programs that start together do not disturb each other", async () => {
  const runs = await Promise.all(Array.from({ length: 6 }, () => printed()));
  expect(new Set(runs)).toEqual(new Set(["one.js,part"]));
  expect(kept()).toHaveLength(1);
});

test("the same declaration in another folder uses the same bundle, and has its own place", async () => {
  const copy = `${small.root}-copy`;
  mkdirSync(copy);
  try {
    symlinkSync(join(small.root, "node_modules"), join(copy, "node_modules"));
    for (const main of [join(small.root, "main.ts"), join(copy, "main.ts")]) {
      writeFileSync(main, 'import "one";\nconsole.log(import.meta.filename);\n');
      expect(await small.run([main])).toEqual({ exitCode: 0, stdout: main, stderr: "" });
    }
    expect(kept()).toHaveLength(1);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test("old bundles are removed", async () => {
  mkdirSync(folder, { recursive: true });
  for (let age = 1; age <= 60; age++) {
    const old = join(folder, `${age}.mjs`);
    writeFileSync(old, "");
    utimesSync(old, new Date(), new Date(Date.now() - age * 60_000));
  }
  await printed();
  const names = readdirSync(folder);
  expect(names).toHaveLength(40);
  expect(names).toContain("1.mjs");
  expect(names).not.toContain("60.mjs");
});
