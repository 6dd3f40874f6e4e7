import { expect, test } from "@jest/globals";
import { App } from "cdktf";
import { RealmStack } from "../../../constructs/realm-stack.ts";

test("a realm refuses a host of keys that is no public name", () => {
  const stack = new RealmStack(new App(), "atlas", {
    realm: "atlas",
    keycloak: { url: "http://localhost:8080" },
    authentication: { allowedJwksHosts: ["keys.example.com", "*", "127.0.0.1"] },
  });
  expect(() => {
    stack.runAllValidations();
  }).toThrow(
    [
      "atlas is not valid: 2 problems",
      '  atlas  authentication.allowedJwksHosts: "*" is not the name of a public host; write one in lower case, such as keys.example.com',
      '  atlas  authentication.allowedJwksHosts: "127.0.0.1" is not the name of a public host; write one in lower case, such as keys.example.com',
    ].join("\n"),
  );
});
