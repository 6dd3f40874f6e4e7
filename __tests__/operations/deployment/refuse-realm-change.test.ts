import { expect, test } from "@jest/globals";
import { refuseRealmChange } from "../../../operations/deployment/refuse-realm-change.ts";
import type { Login } from "../../../operations/keycloak/admin.ts";

const login = (clientId: string): Login => ({
  ...{ baseUrl: "https://login.example.com", realm: "atlas", clientId },
});

/** Refuses a change of the realm by an identity. */
const refuse = (clientId: string, ...actions: string[]) => {
  const change = { actions, before: {}, after: {} };
  const changes = [{ address: "keycloak_realm.realm", type: "keycloak_realm", change }];
  refuseRealmChange(login(clientId), changes, "deploy it as an administrator");
};

test.each(["create", "update", "delete"])("the deployer may not %s the realm", (action) => {
  expect(() => {
    refuse("deployer", action);
  }).toThrow("this changes the realm itself");
});

test("the deployer may forget the realm, which changes only the state", () => {
  expect(() => {
    refuse("deployer", "forget");
  }).not.toThrow();
});

test("an administrator may change the realm", () => {
  expect(() => {
    refuse("admin-cli", "update");
  }).not.toThrow();
});
