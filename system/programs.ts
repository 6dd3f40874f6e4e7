import { execa, ExecaError } from "execa";
import { UnavailableError } from "../text/errors.ts";

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly minimum: readonly [number, number];
  readonly install: string;
}

const programs = {
  java: {
    command: "java",
    args: ["-version"],
    minimum: [17, 0],
    install: "install a JDK 17 or later, for example from Adoptium",
  },
  python3: {
    command: "python3",
    args: ["--version"],
    minimum: [3, 11],
    install: "install Python 3.11 or later: https://www.python.org/downloads/",
  },
  terraform: {
    command: "terraform",
    args: ["version"],
    minimum: [1, 11],
    install: "install Terraform 1.11 or later: https://developer.hashicorp.com/terraform/install",
  },
} satisfies Record<string, Program>;

/**
 * Makes sure that a program is installed and recent enough.
 *
 * @throws UnavailableError with what to install
 */
export async function needProgram(
  name: keyof typeof programs,
  variables: NodeJS.ProcessEnv,
): Promise<void> {
  const { command, args, minimum, install }: Program = programs[name];
  let output: string;
  try {
    ({ all: output } = await execa(command, args, { env: variables, extendEnv: false, all: true }));
  } catch (error) {
    const isMissing = error instanceof ExecaError && error.code === "ENOENT";
    const why = isMissing
      ? "is not on PATH"
      : `does not run: ${error instanceof ExecaError ? error.shortMessage : String(error)}`;
    throw new UnavailableError(`${name} ${why}; ${install}`);
  }
  const version = /(\d+)\.(\d+)/.exec(output);
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  if (major < minimum[0] || (major === minimum[0] && minor < minimum[1])) {
    throw new UnavailableError(
      `${name} ${version?.[0] ?? "of an unknown version"} is too old; ${minimum.join(".")} or later is needed: ${install}`,
    );
  }
}
