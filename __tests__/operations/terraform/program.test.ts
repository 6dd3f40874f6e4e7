import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  needTerraform,
  terraformCommand,
  terraformName,
} from "../../../operations/terraform/program.ts";
import { ExplainedError, UnavailableError, UsageError } from "../../../text/errors.ts";

const install =
  "install Terraform 1.11 or later (https://developer.hashicorp.com/terraform/install) or OpenTofu 1.11 or later (https://opentofu.org/docs/intro/install)";

let PATH: string;

beforeEach(() => {
  PATH = mkdtempSync(join(tmpdir(), "terraform-program-"));
});
afterEach(() => {
  rmSync(PATH, { recursive: true });
});

/** Installs a stand-in that can only print a version. */
function place(name: string, printed: string): string {
  const file = join(PATH, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' '${printed}'\n`, { mode: 0o755 });
  return file;
}

/** The product with its version, or the error. */
async function found(variables: NodeJS.ProcessEnv = {}): Promise<string | ExplainedError> {
  try {
    return await needTerraform({ PATH, ...variables });
  } catch (error) {
    if (error instanceof ExplainedError) return error;
    throw error;
  }
}

const terraform = "Terraform v1.11.4\non linux_amd64";
const tofu = "OpenTofu v1.12.6\non linux_amd64";

describe("without TERRAFORM_BINARY_NAME", () => {
  test.each([
    ["terraform, if both are installed", ["terraform", "tofu"], "terraform", "Terraform 1.11.4"],
    ["terraform, if only that is installed", ["terraform"], "terraform", "Terraform 1.11.4"],
    ["tofu, if only that is installed", ["tofu"], "tofu", "OpenTofu 1.12.6"],
  ])("the program is %s", async (_, names, command, product) => {
    for (const name of names) place(name, name === "tofu" ? tofu : terraform);
    expect(terraformCommand({ PATH })).toBe(command);
    expect(await found()).toBe(product);
  });

  test("the error names both programs if none is installed", async () => {
    const error = await found();
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toHaveProperty("message", `neither terraform nor tofu is on PATH; ${install}`);
  });

  test("an old terraform is refused, and not replaced by the tofu next to it", async () => {
    place("terraform", "Terraform v1.5.7\non linux_amd64");
    place("tofu", tofu);
    expect(await found()).toHaveProperty(
      "message",
      `terraform 1.5 is too old; 1.11 or later is needed: ${install}, and choose one with TERRAFORM_BINARY_NAME`,
    );
  });
});

describe("TERRAFORM_BINARY_NAME", () => {
  test("chooses tofu, although terraform is installed", async () => {
    place("terraform", terraform);
    place("tofu", tofu);
    const variables = { PATH, TERRAFORM_BINARY_NAME: "tofu" };
    expect(terraformCommand(variables)).toBe("tofu");
    expect(await found(variables)).toBe("OpenTofu 1.12.6");
  });

  test("may be an absolute path, of which messages show the name", async () => {
    const TERRAFORM_BINARY_NAME = place("own/tofu-1.12", tofu);
    expect(terraformName({ PATH, TERRAFORM_BINARY_NAME })).toBe("tofu-1.12");
    expect(await found({ TERRAFORM_BINARY_NAME })).toBe("OpenTofu 1.12.6");
  });

  test("may be the name of one product with the other one behind it", async () => {
    place("terraform", tofu);
    expect(await found({ TERRAFORM_BINARY_NAME: "terraform" })).toBe("OpenTofu 1.12.6");
  });

  test("is ignored if it is empty", async () => {
    place("tofu", tofu);
    expect(await found({ TERRAFORM_BINARY_NAME: "" })).toBe("OpenTofu 1.12.6");
  });

  test("is refused as a relative path, because every run works in a folder of its own", async () => {
    const error = await found({ TERRAFORM_BINARY_NAME: "./tofu" });
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toHaveProperty(
      "message",
      'TERRAFORM_BINARY_NAME: "./tofu" is a relative path; write an absolute one, or the name of a program on PATH',
    );
  });

  test.each([
    ["tofu", undefined, "is not on PATH"],
    ["/nonexistent/tofu", undefined, "does not exist"],
    ["tofu", "OpenTofu v1.10.9\non linux_amd64", "is too old; 1.11 or later is needed"],
    ["git", "git version 2.39.5", 'prints no version, but "git version 2.39.5"'],
  ])("is refused with its value: %s that prints %j", async (name, printed, problem) => {
    if (printed !== undefined) place(name, printed);
    const error = await found({ TERRAFORM_BINARY_NAME: name });
    expect(error).toBeInstanceOf(UnavailableError);
    const { message } = error as UnavailableError;
    expect(message).toContain(", which TERRAFORM_BINARY_NAME names, ");
    expect(message).toContain(problem);
    expect(message).toContain(name);
    expect(message).toContain(install);
  });
});

test.each([
  [terraform, "Terraform 1.11.4"],
  ["Terraform v1.12.0-beta1\non linux_amd64", "Terraform 1.12.0-beta1"],
  ["Terraform v2.0.0\non linux_amd64", "Terraform 2.0.0"],
  [tofu, "OpenTofu 1.12.6"],
  ["OpenTofu v1.11.0-rc1\non linux_amd64", "OpenTofu 1.11.0-rc1"],
  [
    `There are some problems with the CLI configuration:\n╷\n│ Warning: Unable to open CLI configuration file\n╵\n\n${terraform}`,
    "Terraform 1.11.4",
  ],
  [
    `${terraform}\n\nYour version of Terraform is out of date! The latest version\nis 1.14.0.`,
    "Terraform 1.11.4",
  ],
])("reads the version in %j", async (printed, product) => {
  place("terraform", printed);
  expect(await found()).toBe(product);
});
