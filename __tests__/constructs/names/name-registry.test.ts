import { expect, test } from "@jest/globals";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { realm, synthesized } from "../atlas.ts";

test("a client and a client scope may have one name", () => {
  const stack = realm();
  new BackendClient(stack, "orders", { permissions: ["orders", "broker"] });
  expect(() => synthesized(stack)).not.toThrow();
});

test("the first to take a name keeps it, every other is told", () => {
  const stack = realm();
  for (const id of ["one", "two", "three"]) {
    new BackendClient(stack, id, { permissions: ["orders:read"] });
  }
  const told = 'client scope "orders:read" is taken by atlas/one/permissions; choose another';
  expect(() => synthesized(stack)).toThrow(
    new Error(
      `atlas is not valid: 2 problems\n  atlas/two/permissions    ${told}\n  atlas/three/permissions  ${told}`,
    ),
  );
});
