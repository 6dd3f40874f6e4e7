import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { findKeycloak } from "../../local/keycloak/distribution.ts";
import { UnavailableError } from "../../text/errors.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "distribution-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A folder that contains bin/kc.sh. */
function keycloakIn(name: string): string {
  const home = join(root, name);
  mkdirSync(join(home, "bin"), { recursive: true });
  writeFileSync(join(home, "bin/kc.sh"), "#!/bin/sh\n", { mode: 0o755 });
  return home;
}

describe("KEYCLOAK_HOME", () => {
  test("is the Keycloak to run, whatever its base path", async () => {
    const home = keycloakIn("keycloak 26");
    expect(await findKeycloak("", { KEYCLOAK_HOME: home })).toBe(home);
    expect(await findKeycloak("/auth", { KEYCLOAK_HOME: home })).toBe(home);
  });

  test("is refused if it has no bin/kc.sh", async () => {
    const found = findKeycloak("", { KEYCLOAK_HOME: root });
    await expect(found).rejects.toThrow(UnavailableError);
    await expect(found).rejects.toThrow(
      `KEYCLOAK_HOME: there is no Keycloak in ${root}; set the folder that contains bin/kc.sh`,
    );
  });

  test.each([
    ["'", "keycloak's"],
    [":", "keycloak:26"],
  ])(
    "is refused if its path contains %s, which Keycloak's script cannot handle",
    async (character, name) => {
      const home = keycloakIn(name);
      const found = findKeycloak("", { KEYCLOAK_HOME: home });
      await expect(found).rejects.toThrow(UnavailableError);
      await expect(found).rejects.toThrow(
        `Keycloak does not run in ${home}, because its path contains ${character}; set KEYCLOAK_HOME to another folder`,
      );
    },
  );
});
