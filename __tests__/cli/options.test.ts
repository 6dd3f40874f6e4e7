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
    .addOption(allowOptions.newSecret)
    .addOption(allowOptions.redirect)
    .addOption(allowOptions.many);
  await command.parseAsync(args, { from: "user" });
  return allowedByOptions(command.opts());
}

describe("the options that override guard rails", () => {
  test("allow nothing by default", async () => {
    expect(await allowed()).toEqual({ names: new Set(), many: 0 });
  });

  test("collect the names of every option, separated by commas or repeated", async () => {
    const removals = ["--allow-removal", "acme, globex", "--allow-removal", "scope orders:read"];
    const others = [
      "--allow-replacement=realm atlas",
      "--allow-new-secret=initech,API atlas-api",
      "--allow-redirect=frontend web",
    ];
    const { names, many } = await allowed(...removals, ...others);
    for (const name of [
      "Allow-removal: acme",
      "Allow-removal: globex",
      "Allow-removal: scope orders:read",
      "Allow-replacement: realm atlas",
      "Allow-new-secret: initech",
      "Allow-new-secret: api atlas-api",
      "Allow-redirect: frontend web",
    ])
      expect(names).toContain(name);
    expect(names).not.toContain("Allow-removal: initech");
    expect(many).toBe(0);
  });

  test("keep no name of an earlier command line", async () => {
    await allowed("--allow-removal", "acme");
    expect(await allowed("--allow-removal", "globex")).toEqual({
      names: new Set(["Allow-removal: globex"]),
      many: 0,
    });
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
