import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { execa, ExecaError } from "execa";
import { UnavailableError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";

/** A program, and the version of it that is needed. */
export interface Program {
  /** The arguments with which it prints its version. */
  readonly args: readonly string[];
  /** Pattern of the version in what it prints, with the groups `major` and `minor`. */
  readonly version: RegExp;
  /** The oldest version that works: major and minor. */
  readonly minimum: readonly [number, number];
}

/** The place of a program, as a command and for messages. */
export interface Place {
  readonly name: string;
  readonly command: string;
  /** Why it is this one, as it follows the name in a message; may be empty. */
  readonly origin: string;
  /** What to do if it cannot be used. */
  readonly remedy: string;
}

const programs = {
  java: {
    args: ["-version"],
    // feature releases have only one number: openjdk version "21" 2023-09-19
    version: /^\w+ version "(?<major>\d+)(?:\.(?<minor>\d+))?/m,
    minimum: [17, 0],
    install: "install a JDK 17 or later, for example from Adoptium",
  },
  python3: {
    args: ["--version"],
    version: /^Python (?<major>\d+)\.(?<minor>\d+)/m,
    minimum: [3, 11],
    install: "install Python 3.11 or later: https://www.python.org/downloads/",
  },
} satisfies Record<string, Program & { readonly install: string }>;

/**
 * Makes sure that a program is installed and recent enough. Java is the one in JAVA_HOME, if that is set, as for Keycloak and Maven.
 *
 * @throws UnavailableError with what to install
 */
export async function needProgram(
  name: keyof typeof programs,
  variables: NodeJS.ProcessEnv,
): Promise<void> {
  await needVersion(programs[name], place(name, variables), variables);
}

/**
 * Makes sure that the program at a place is recent enough.
 *
 * @returns the groups of the pattern of its version
 * @throws UnavailableError with the remedy
 */
export async function needVersion(
  { args, version, minimum }: Program,
  { name, command, origin, remedy }: Place,
  variables: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, string | undefined>>> {
  let output: string;
  try {
    ({ all: output } = await execa(command, args, { env: variables, extendEnv: false, all: true }));
  } catch (error) {
    throw new UnavailableError(`${name}${origin} ${whyItFails(error, command)}; ${remedy}`);
  }
  const { groups } = version.exec(output) ?? {};
  if (groups === undefined) {
    const [firstLine] = output.trim().split("\n");
    throw new UnavailableError(
      `${name}${origin} prints no version, but ${quoted(firstLine)}; ${remedy}`,
    );
  }
  const { major, minor = "0" } = groups;
  const isOld =
    Number(major) < minimum[0] || (Number(major) === minimum[0] && Number(minor) < minimum[1]);
  if (isOld) {
    throw new UnavailableError(
      `${name} ${major}.${minor}${origin} is too old; ${minimum.join(".")} or later is needed: ${remedy}`,
    );
  }
  return groups;
}

/** Whether a program is on PATH. */
export function isOnPath(name: string, { PATH = "" }: NodeJS.ProcessEnv): boolean {
  return PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function place(name: keyof typeof programs, { JAVA_HOME }: NodeJS.ProcessEnv): Place {
  const { install } = programs[name];
  if (name !== "java" || !JAVA_HOME) return { name, command: name, origin: "", remedy: install };
  return {
    name,
    command: join(JAVA_HOME, "bin/java"),
    origin: ` in JAVA_HOME (${JAVA_HOME})`,
    remedy: `${install}, and set JAVA_HOME to it, or unset JAVA_HOME to use the java on PATH`,
  };
}

function whyItFails(error: unknown, command: string): string {
  if (!(error instanceof ExecaError)) return `does not run: ${String(error)}`;
  if (error.code !== "ENOENT") {
    const output: unknown = error.all;
    const [firstLine] = typeof output === "string" ? output.trim().split("\n") : [];
    return `does not run: ${error.shortMessage}${firstLine ? `: ${quoted(firstLine)}` : ""}`;
  }
  return command.includes("/") ? "does not exist" : "is not on PATH";
}
