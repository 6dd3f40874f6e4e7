import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { UnavailableError } from "../../text/errors.ts";

const root = mkdtempSync(join(tmpdir(), "state-file-"));
// the state folder is computed when its module is imported
process.env.XDG_STATE_HOME = root;
const { StateFile } = await import("../../local/state-file.ts");

const wayOut = "restore it, or run npm run reset";
const file = new StateFile(
  "state-file-test.json",
  z.object({ port: z.number(), name: z.string() }),
  wayOut,
);
const content = { port: 8080, name: "Käthe 🔑" };

beforeEach(() => {
  mkdirSync(dirname(file.path), { recursive: true });
  for (const path of [file.path, `${file.path}.new`]) rmSync(path, { force: true });
});
afterAll(() => {
  rmSync(file.path, { force: true });
  rmSync(root, { recursive: true });
});

/** The last 9 bits of a file's mode, in octal. */
function permissions(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

describe("a file of the state folder", () => {
  test("has no content if it does not exist", async () => {
    expect(await file.read()).toBeUndefined();
  });

  test("has no content if even its folder does not exist", async () => {
    const elsewhere = new StateFile("state-file-test/missing.json", z.object({}), wayOut);
    expect(await elsewhere.read()).toBeUndefined();
  });

  test("has the content that was written last", async () => {
    await file.write({ ...content, port: 1 });
    await file.write(content);
    expect(await file.read()).toEqual(content);
  });

  test("can be read and written only by its owner", async () => {
    await file.write(content);
    expect(permissions(file.path)).toBe("600");
  });

  test("is closed to others by the next write if it was open to them", async () => {
    await file.write(content);
    chmodSync(file.path, 0o644);
    await file.write(content);
    expect(permissions(file.path)).toBe("600");
  });
});

describe("a damaged file of the state folder", () => {
  test.each([
    ["is empty", ""],
    ["is cut off", '{ "port": 8080, "na'],
    ["is not JSON", "port: 8080"],
    ["has null", "null"],
    ["lacks a property", '{ "port": 8080 }'],
    ["has a property of the wrong type", '{ "port": "8080", "name": "Anna" }'],
  ])("is reported with its path and the way out if it %s", async (_, text) => {
    writeFileSync(file.path, text);
    const reading = file.read();
    await expect(reading).rejects.toThrow(UnavailableError);
    await expect(reading).rejects.toThrow(`${file.path} is damaged; ${wayOut}`);
  });

  test("can be written again", async () => {
    writeFileSync(file.path, "");
    await file.write(content);
    expect(await file.read()).toEqual(content);
  });
});

describe("a write to the state folder", () => {
  test("replaces the file as a whole, so that no reader sees half of it", async () => {
    await file.write({ ...content, name: "before" });
    // a second name of the same file shows whether the file itself is changed
    const before = join(root, "before.json");
    linkSync(file.path, before);
    await file.write(content);
    expect(JSON.parse(readFileSync(before, "utf8"))).toEqual({ ...content, name: "before" });
    expect(await file.read()).toEqual(content);
  });

  test("leaves no other file", async () => {
    const others = readdirSync(dirname(file.path));
    await file.write(content);
    expect(readdirSync(dirname(file.path)).sort()).toEqual(
      [...others, "state-file-test.json"].sort(),
    );
  });

  test("is not disturbed by one that was killed halfway", async () => {
    await file.write({ ...content, name: "before" });
    writeFileSync(`${file.path}.new`, `{ "port": 1, "name": "${"x".repeat(1_000)}`);
    expect(await file.read()).toEqual({ ...content, name: "before" });
    await file.write(content);
    expect(await file.read()).toEqual(content);
  });
});
