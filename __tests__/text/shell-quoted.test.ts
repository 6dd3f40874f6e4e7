import { expect, test } from "@jest/globals";
import { execaSync } from "execa";
import { commandLine, shellQuoted } from "../../text/shell-quoted.ts";

test.each(["plain", "", "two words", "o'clock", `"; $HOME \`id\` \\`, "line\nbreak"])(
  "a shell reads %j back as it is",
  (value) => {
    const { stdout } = execaSync("sh", ["-c", `printf '%s|' ${shellQuoted(value)} end`]);
    expect(stdout).toBe(`${value}|end|`);
  },
);

test("a command line quotes only the words that a shell would read in another way", () => {
  const words = ["printf", "%s|", "--allow-removal", "acme, scope a:b", "o'clock", ""];
  const line = commandLine(words);
  expect(line).toMatch(/^printf %s'\|' --allow-removal 'acme|^printf '%s\|' --allow-removal 'acme/);
  expect(execaSync("sh", ["-c", line]).stdout).toBe(`${words.slice(2).join("|")}|`);
});
