import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { needProgram } from "../../../system/programs/programs.ts";
import { UnavailableError } from "../../../text/errors.ts";

type Name = Parameters<typeof needProgram>[0];

const java17 = [
  'openjdk version "17.0.15" 2025-04-15',
  "OpenJDK Runtime Environment (build 17.0.15+6-Debian-1deb12u1)",
  "OpenJDK 64-Bit Server VM (build 17.0.15+6-Debian-1deb12u1, mixed mode, sharing)",
].join("\n");
const java11 = [
  'openjdk version "11.0.2" 2019-01-15',
  "OpenJDK Runtime Environment 18.9 (build 11.0.2+9)",
  "OpenJDK 64-Bit Server VM 18.9 (build 11.0.2+9, mixed mode)",
].join("\n");

let root: string;
let path: string;
let javaHome: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "programs-"));
  path = join(root, "path");
  javaHome = join(root, "jdk");
  mkdirSync(path);
  mkdirSync(javaHome);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

/** Creates a program that prints a text, as java does on standard error, and exits. */
function writeProgram(file: string, text: string, exitStatus = 0): void {
  mkdirSync(dirname(file), { recursive: true });
  const script = `#!/bin/sh\nprintf '%s\\n' '${text}' >&2\nexit ${exitStatus}\n`;
  writeFileSync(file, script, { mode: 0o755 });
}

/** The message of the error, or "accepted". */
async function outcome(name: Name, variables: NodeJS.ProcessEnv = {}): Promise<string> {
  try {
    await needProgram(name, { PATH: path, ...variables });
    return "accepted";
  } catch (error) {
    if (error instanceof UnavailableError) return error.message;
    throw error;
  }
}

describe("a version that is recent enough is accepted:", () => {
  test.each([
    [
      'openjdk version "21" 2023-09-19\nOpenJDK Runtime Environment (build 21+35-2513)\nOpenJDK 64-Bit Server VM (build 21+35-2513, mixed mode, sharing)',
    ],
    ['openjdk version "17-ea" 2021-09-14'],
    ['java version "25" 2025-09-16 LTS'],
    [java17],
    [`Picked up JAVA_TOOL_OPTIONS: -Dagent=/opt/agent-1.30.jar\n${java17}`],
  ])("java %j", async (printed) => {
    writeProgram(join(path, "java"), printed);
    expect(await outcome("java")).toBe("accepted");
  });

  test.each([["Python 3.13.0rc1"], ["Python 3.11.7 :: Anaconda, Inc."]])(
    "python3 %j",
    async (printed) => {
      writeProgram(join(path, "python3"), printed);
      expect(await outcome("python3")).toBe("accepted");
    },
  );
});

describe("a version that is too old is refused, with both versions:", () => {
  test.each<[Name, string, string]>([
    [
      "java",
      'openjdk version "1.8.0_402"',
      "java 1.8 is too old; 17.0 or later is needed: install a JDK 17 or later",
    ],
    ["java", java11, "java 11.0 is too old; 17.0 or later is needed: install a JDK 17 or later"],
    [
      "python3",
      "Python 3.8.18",
      "python3 3.8 is too old; 3.11 or later is needed: install Python 3.11 or later",
    ],
  ])("%s %j", async (name, printed, message) => {
    writeProgram(join(path, name), printed);
    expect(await outcome(name)).toMatch(new RegExp(`^${message}`));
  });
});

describe("a program that cannot be used is reported:", () => {
  test("it prints nothing", async () => {
    writeProgram(join(path, "python3"), "");
    expect(await outcome("python3")).toMatch(/^python3 prints no version, but ""; install Python/);
  });

  test("it is not on the PATH of the given variables", async () => {
    writeProgram(join(root, "own/python3"), "Python 3.13.0");
    jest.replaceProperty(process, "env", { PATH: join(root, "own") });
    expect(await outcome("python3")).toBe(
      "python3 is not on PATH; install Python 3.11 or later: https://www.python.org/downloads/",
    );
  });

  test("it exits with an error", async () => {
    writeProgram(join(path, "java"), "Error: Could not create the Java Virtual Machine.", 1);
    expect(await outcome("java")).toBe(
      `java does not run: Command failed with exit code 1: java -version: "Error: Could not create the Java Virtual Machine."; install a JDK 17 or later, for example from Adoptium`,
    );
  });
});

describe("JAVA_HOME", () => {
  const remedy =
    "install a JDK 17 or later, for example from Adoptium, and set JAVA_HOME to it, or unset JAVA_HOME to use the java on PATH";

  test("has precedence over an old java on PATH", async () => {
    writeProgram(join(javaHome, "bin/java"), java17);
    writeProgram(join(path, "java"), java11);
    expect(await outcome("java", { JAVA_HOME: javaHome })).toBe("accepted");
  });

  test("is refused with its folder if its java is too old, despite a recent one on PATH", async () => {
    writeProgram(join(javaHome, "bin/java"), java11);
    writeProgram(join(path, "java"), java17);
    expect(await outcome("java", { JAVA_HOME: javaHome })).toBe(
      `java 11.0 in JAVA_HOME (${javaHome}) is too old; 17.0 or later is needed: ${remedy}`,
    );
  });

  test("is refused with its folder if it has no java, despite a recent one on PATH", async () => {
    writeProgram(join(path, "java"), java17);
    expect(await outcome("java", { JAVA_HOME: javaHome })).toBe(
      `java in JAVA_HOME (${javaHome}) does not exist; ${remedy}`,
    );
  });

  test("is ignored if it is empty", async () => {
    writeProgram(join(path, "java"), java17);
    expect(await outcome("java", { JAVA_HOME: "" })).toBe("accepted");
  });

  test("does not matter for other programs", async () => {
    writeProgram(join(javaHome, "bin/python3"), "Python 3.8.18");
    writeProgram(join(path, "python3"), "Python 3.13.0");
    expect(await outcome("python3", { JAVA_HOME: javaHome })).toBe("accepted");
  });
});
