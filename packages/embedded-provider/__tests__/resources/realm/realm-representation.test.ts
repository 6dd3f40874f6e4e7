import { expect, test } from "@jest/globals";
import { conform, loadSchema } from "../../../src/protocol/schema.ts";
import { realmFromJson, realmToJson } from "../../../src/resources/realm/realm-representation.ts";

const { block = {} } = loadSchema().resource_schemas.keycloak_realm ?? {};
const state = conform(block, {
  realm: "r",
  access_token_lifespan: "5m",
  attributes: { mine: "1" },
});

test("writes a realm with durations in seconds, standard flows, and defaults for absent defenses", () => {
  expect(realmToJson(block, state, "26.7.4")).toMatchObject({
    id: "r",
    accessTokenLifespan: 300,
    browserFlow: "browser",
    bruteForceProtected: false,
    failureFactor: 30,
    browserSecurityHeaders: { xFrameOptions: "SAMEORIGIN" },
    smtpServer: {},
    attributes: { mine: "1" },
  });
});

test("does not write a duration of a realm that is not configured", () => {
  expect(realmToJson(block, state, "26.7.4")).not.toHaveProperty("ssoSessionIdleTimeout");
});

test("reads only the attributes of a realm that are managed", () => {
  const read = { ...state };
  realmFromJson(block, { realm: "r", attributes: { mine: "2", theirs: "3" } }, read, "26.7.4");
  expect(read.attributes).toEqual({ mine: "2" });
});

test("refuses an attribute of a realm that the server's version does not support", () => {
  const policy = conform(block.block_types?.web_authn_policy?.block ?? {}, {
    discoverable_credential: "required",
  });
  const configured = { ...state, web_authn_policy: [policy] };
  expect(() => realmToJson(block, configured, "26.6.9")).toThrow(
    /discoverable_credential .*requires >= 26\.7\.0/u,
  );
  expect(realmToJson(block, configured, "26.7.0")).toMatchObject({
    webAuthnPolicyResidentKey: "required",
  });
});
