import { expect, test } from "@jest/globals";
import { changesAnything } from "../../../operations/terraform/plan.ts";
import { planned } from "../review/synthesized-sides.ts";

test("a plan that only moves a resource is applied: without its moved block, the resource would be recreated", () => {
  const same = planned("keycloak_openid_client.b", ["no-op"], {}, {});
  expect(changesAnything([same])).toBe(false);
  expect(changesAnything([{ ...same, previous_address: "keycloak_openid_client.a" }])).toBe(true);
  expect(changesAnything([planned("keycloak_openid_client.b", ["update"], {}, {})])).toBe(true);
});
