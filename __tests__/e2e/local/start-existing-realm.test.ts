import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Clone } from "../support/projects/clone.ts";
import { existingRealmProject } from "../support/projects/existing-realm-project.ts";

let clone: Clone;

beforeAll(async () => {
  clone = await existingRealmProject("lived-in", { KEYCLOAK_URL: "" });
});
afterAll(() => clone.remove());

test("npm start creates an existing realm that the local Keycloak does not have, empty", async () => {
  const { exitCode, output } = await clone.npm("start");
  expect(output).toMatch(/acme +Acme +orders-api +orders:read +token verified/);
  expect(output).not.toContain("keycloak_realm");
  expect(exitCode).toBe(0);
  const again = await clone.npm("start");
  expect(again.output).not.toContain("keycloak_");
  expect(again.exitCode).toBe(0);
});
