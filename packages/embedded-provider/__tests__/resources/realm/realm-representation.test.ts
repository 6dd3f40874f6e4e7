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

test("writes the rules for passwords, refresh tokens and offline sessions of a realm", () => {
  const secured = conform(block, {
    ...{ realm: "r", password_policy: "length(12) and notUsername" },
    ...{ revoke_refresh_token: true, refresh_token_max_reuse: 0 },
    ...{ offline_session_max_lifespan_enabled: true, offline_session_max_lifespan: "1440h0m0s" },
  });
  expect(realmToJson(block, secured, "26.7.4")).toMatchObject({
    ...{ passwordPolicy: "length(12) and notUsername" },
    ...{ revokeRefreshToken: true, refreshTokenMaxReuse: 0 },
    ...{ offlineSessionMaxLifespanEnabled: true, offlineSessionMaxLifespan: 60 * 24 * 60 * 60 },
  });
});

test("writes no rule for passwords that is empty text, and keeps the end of offline sessions as Keycloak has it", () => {
  const json = realmToJson(block, state, "26.7.4");
  expect(json).toMatchObject({ passwordPolicy: "", revokeRefreshToken: false });
  expect(json).not.toHaveProperty("offlineSessionMaxLifespanEnabled");
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
