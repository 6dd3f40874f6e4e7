import { readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { writeNewFile } from "../../system/new-file.ts";
import { TemporaryFolder } from "../../system/temporary-folder.ts";
import { RefusedError } from "../../text/errors.ts";

test("writes a file that only its owner can read", async () => {
  await using folder = await TemporaryFolder.create();
  const file = join(folder.path, "new");
  await writeNewFile(file, "text");
  expect(await readFile(file, "utf8")).toBe("text");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("refuses to replace a file, or to follow a link", async () => {
  await using folder = await TemporaryFolder.create();
  const [file, link] = [join(folder.path, "old"), join(folder.path, "link")];
  await writeFile(file, "before");
  await symlink(join(folder.path, "elsewhere"), link);
  for (const each of [file, link]) {
    await expect(writeNewFile(each, "after")).rejects.toThrow(RefusedError);
    await expect(writeNewFile(each, "after")).rejects.toThrow("exists already; delete it");
  }
  expect(await readFile(file, "utf8")).toBe("before");
});
