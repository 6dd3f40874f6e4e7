import { expect, test } from "@jest/globals";
import { refuseUnfit } from "../../../../operations/keycloak/deployer/pipeline-issuer.ts";

const issuer = {
  ...{ alias: "github", enabled: true },
  config: { supportsClientAssertions: "true", supportsClientAssertionReuse: "false" },
};

test("a pipeline uses an issuer of main.ts whose tokens work once", () => {
  expect(() => {
    refuseUnfit(issuer);
  }).not.toThrow();
});

test("a pipeline refuses an issuer of main.ts whose tokens work more than once", () => {
  const config = { ...issuer.config, supportsClientAssertionReuse: "true" };
  expect(() => {
    refuseUnfit({ ...issuer, config });
  }).toThrow(/"github" accepts a token more than once/);
});

test("a pipeline refuses an issuer of main.ts that is disabled", () => {
  expect(() => {
    refuseUnfit({ ...issuer, enabled: false });
  }).toThrow(/"github" is disabled/);
});
