import { expect, test } from "vitest";
import { missingIn } from "../src/session/permissions.ts";

const read = "openid orders:read";

test.each([
  ["the scope decides without roles", read, undefined, [undefined, "scope"]],
  ["roles limit the scope", `${read} orders:write`, ["orders:read"], [undefined, "role"]],
  ["the scope limits roles", read, ["orders:read", "orders:write"], [undefined, "scope"]],
  ["a missing claim grants nothing", read, null, ["role", "scope"]],
  ["a claim that is no list grants nothing", read, "orders:read", ["role", "scope"]],
  ["an empty scope grants nothing", "", ["orders:read"], ["scope", "scope"]],
])("%s", (_, scope, claim, [mayNotRead, mayNotWrite]) => {
  const missing = missingIn(scope, claim === undefined ? undefined : { claim });
  expect(missing).toEqual({ "orders:read": mayNotRead, "orders:write": mayNotWrite });
});
