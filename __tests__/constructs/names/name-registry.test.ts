import { expect, test } from "@jest/globals";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { realm, synthesized } from "../atlas.ts";

test("a client and a client scope may have the same name", () => {
  const stack = realm();
  new BackendClient(stack, "orders", { permissions: ["orders", "broker"] });
  expect(() => synthesized(stack)).not.toThrow();
});

test("a name belongs to the first construct that reserves it, and all others are refused", () => {
  const stack = realm();
  for (const id of ["one", "two", "three"]) {
    new BackendClient(stack, id, { permissions: ["orders:read"] });
  }
  const problem = 'client scope "orders:read" is taken by atlas/one/permissions; choose another';
  expect(() => synthesized(stack)).toThrow(
    new Error(
      `atlas is not valid: 2 problems\n  atlas/two/permissions    ${problem}\n  atlas/three/permissions  ${problem}`,
    ),
  );
});
