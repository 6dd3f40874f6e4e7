import { expect, test } from "@jest/globals";
import { Role } from "@cdktf/provider-keycloak/lib/role";
import { App, Lazy } from "cdktf";
import { RealmStack } from "../../constructs/realm-stack.ts";
import { realm, realmWithCustomers, written } from "./atlas.ts";

test("a role may have a value of a resource in another stack", () => {
  const stack = realm();
  const app = App.of(stack);
  const keycloak = { url: "https://login.example.com" };
  const { realmId: description } = new RealmStack(app, "other", { realm: "other", keycloak });
  new Role(stack, "clerk", { realmId: stack.realmId, name: "clerk", description });
  app.synth();
  expect(written("atlas")).toHaveProperty(
    "resource.keycloak_role.clerk.description",
    expect.stringContaining("data.terraform_remote_state.cross-stack-reference-input-other"),
  );
});

test("an error of a value that is computed late has the place of the value", () => {
  const stack = realmWithCustomers([["acme"]]);
  const produce = (): string => {
    throw new Error("no name");
  };
  new Role(stack, "clerk", { realmId: stack.realmId, name: Lazy.stringValue({ produce }) });
  expect(() => {
    App.of(stack).synth();
  }).toThrow(/no name[^]*creation stack[^]*team-code\.test/);
});
