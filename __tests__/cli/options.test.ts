import { describe, expect, test } from "@jest/globals";
import { newCommand } from "../../cli/shared/command.ts";
import { allowedByOptions, allowOptions } from "../../cli/shared/options.ts";
import { UsageError } from "../../text/errors.ts";

const help = { script: "npm run plan", description: "Plans.", example: "--allow-many 12" };

/** What the options that override guard rails allow. */
async function allowed(...args: readonly string[]) {
  const command = newCommand(help)
    .addOption(allowOptions.removal)
    .addOption(allowOptions.replacement)
    .addOption(allowOptions.many);
  await command.parseAsync(args, { from: "user" });
  return allowedByOptions(command.opts());
}

describe("the options that override guard rails", () => {
  test("allow nothing by default", async () => {
    expect(await allowed()).toEqual({ removals: [], replacements: [], many: 0 });
  });

  test("collect every name of a repeated --allow-removal and --allow-replacement", async () => {
    const removals = ["--allow-removal", "acme", "--allow-removal", "scope orders:read"];
    const replacements = ["--allow-replacement=globex", "--allow-replacement=initech"];
    expect(await allowed(...removals, ...replacements)).toEqual({
      removals: ["acme", "scope orders:read"],
      replacements: ["globex", "initech"],
      many: 0,
    });
  });

  test("keep no name of an earlier command line", async () => {
    await allowed("--allow-removal", "acme");
    expect(await allowed("--allow-removal", "globex")).toMatchObject({ removals: ["globex"] });
  });

  test("read --allow-many 12 as a number", async () => {
    expect(await allowed("--allow-many", "12")).toMatchObject({ many: 12 });
  });

  test.each(["all", "-1", "1.5", "1e3", ""])(
    "refuse --allow-many %j as wrong usage",
    async (value) => {
      const parsing = allowed(`--allow-many=${value}`);
      await expect(parsing).rejects.toBeInstanceOf(UsageError);
      await expect(parsing).rejects.toMatchObject({
        exitStatus: 2,
        message: `--allow-many: ${JSON.stringify(value)} is not a number; write how many customers are intended, such as 12`,
      });
    },
  );
});
