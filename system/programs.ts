import { join } from "node:path";
import { execa, ExecaError } from "execa";
import { UnavailableError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";

interface Program {
  readonly args: readonly string[];
  /** The major and the minor version in what it prints. */
  readonly version: RegExp;
  readonly minimum: readonly [number, number];
  readonly install: string;
}

const programs = {
  java: {
    args: ["-version"],
    // feature releases have only one number: openjdk version "21" 2023-09-19
    version: /^\w+ version "(\d+)(?:\.(\d+))?/m,
    minimum: [17, 0],
    install: "install a JDK 17 or later, for example from Adoptium",
  },
  python3: {
    args: ["--version"],
    version: /^Python (\d+)\.(\d+)/m,
    minimum: [3, 11],
    install: "install Python 3.11 or later: https://www.python.org/downloads/",
  },
  terraform: {
    args: ["version"],
    version: /^Terraform v(\d+)\.(\d+)/m,
    minimum: [1, 11],
    install: "install Terraform 1.11 or later: https://developer.hashicorp.com/terraform/install",
  },
} satisfies Record<string, Program>;

/**
 * Makes sure that a program is installed and recent enough. Java is the one in JAVA_HOME, if that is set, as for Keycloak and Maven.
 *
 * @throws UnavailableError with what to install
 */
export async function needProgram(
  name: keyof typeof programs,
  variables: NodeJS.ProcessEnv,
): Promise<void> {
  const { args, version, minimum, install }: Program = programs[name];
  const { command, origin, remedy } = place(name, install, variables);
  let output: string;
  try {
    ({ all: output } = await execa(command, args, { env: variables, extendEnv: false, all: true }));
  } catch (error) {
    throw new UnavailableError(`${name}${origin} ${whyItFails(error, command)}; ${remedy}`);
  }
  const [found, major, minor = "0"] = version.exec(output) ?? [];
  if (found === undefined) {
    const [firstLine] = output.trim().split("\n");
    throw new UnavailableError(
      `${name}${origin} prints no version, but ${quoted(firstLine)}; ${remedy}`,
    );
  }
  const isOld =
    Number(major) < minimum[0] || (Number(major) === minimum[0] && Number(minor) < minimum[1]);
  if (isOld) {
    throw new UnavailableError(
      `${name} ${major}.${minor}${origin} is too old; ${minimum.join(".")} or later is needed: ${remedy}`,
    );
  }
}

/** The place of a program, as a command and for a message. */
function place(
  name: keyof typeof programs,
  install: string,
  { JAVA_HOME }: NodeJS.ProcessEnv,
): { command: string; origin: string; remedy: string } {
  if (name !== "java" || !JAVA_HOME) return { command: name, origin: "", remedy: install };
  return {
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
