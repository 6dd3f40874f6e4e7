import { expect, test } from "@jest/globals";
import { execaSync } from "execa";
import { shellQuoted } from "../../text/shell-quoted.ts";

test.each(["plain", "", "two words", "o'clock", `"; $HOME \`id\` \\`, "line\nbreak"])(
  "a shell reads %j back as it is",
  (value) => {
    const { stdout } = execaSync("sh", ["-c", `printf '%s|' ${shellQuoted(value)} end`]);
    expect(stdout).toBe(`${value}|end|`);
  },
);
