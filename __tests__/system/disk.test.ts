import { tmpdir } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { fullDisk, needSpace } from "../../system/disk.ts";
import { UnavailableError } from "../../text/errors.ts";

const megabytes = 1_000_000_000;

describe("a disk", () => {
  test("is refused for something larger than its free space, with both sizes and the folder", async () => {
    const attempt = needSpace(tmpdir(), megabytes, "Keycloak 26");
    await expect(attempt).rejects.toThrow(UnavailableError);
    await expect(attempt).rejects.toThrow(
      new RegExp(
        `^Keycloak 26 needs ${megabytes} MB in ${tmpdir()}, but its disk has only \\d+ MB left: free some space$`,
      ),
    );
  });

  test("is accepted for something that fits", async () => {
    await expect(needSpace(tmpdir(), 0, "Keycloak 26")).resolves.toBeUndefined();
  });

  test("with free space gives no hint", async () => {
    expect(await fullDisk(tmpdir())).toBe("");
  });
});
