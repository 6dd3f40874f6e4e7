import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { execa } from "execa";
import { thirdPartyFolder } from "../../local/demo/third-party.ts";
import { virtualEnvironment } from "../../local/python.ts";

const folder = join(thirdPartyFolder, "python");
let programs: string;

beforeAll(async () => {
  const files = ["requirements.txt", "requirements-dev.txt"].map((name) => join(folder, name));
  programs = await virtualEnvironment(...files);
}, 300_000);

test.each([
  { what: "Python's format", command: ["ruff", "format", "--check", "."] },
  { what: "Python's lint", command: ["ruff", "check", "."] },
  { what: "Python's types", command: ["mypy"] },
  { what: "the shell script", command: ["shellcheck", "../curl/orders.sh"] },
])("$what keeps to its standards", async ({ command: [program = "", ...args] }) => {
  const { failed, all } = await execa(join(programs, program), args, {
    cwd: folder,
    all: true,
    reject: false,
  });
  expect(failed ? all : "").toBe("");
});
