import { expect, test } from "@jest/globals";
import { realm, resources } from "../atlas.ts";

const week = 7 * 24 * 60 * 60;

test("login events and admin events are kept for 7 days by default", () => {
  const stack = realm();
  expect(resources(stack, "realm_events").events).toMatchObject({
    realm_id: "${keycloak_realm.realm.id}",
    events_enabled: true,
    events_expiration: week,
    events_listeners: ["jboss-logging"],
    admin_events_enabled: true,
  });
  expect(resources(stack, "realm").realm).toMatchObject({
    attributes: { adminEventsExpiration: String(week) },
  });
});

test("login events and admin events are kept equally long", () => {
  const stack = realm({ events: { retentionDays: 30 } });
  const seconds = 30 * 24 * 60 * 60;
  expect(resources(stack, "realm_events").events).toHaveProperty("events_expiration", seconds);
  expect(resources(stack, "realm").realm).toHaveProperty("attributes", {
    adminEventsExpiration: String(seconds),
  });
});

test("sign-ins are stored, and renewals of tokens are not", () => {
  const types = resources(realm(), "realm_events").events?.enabled_event_types;
  expect(types).toEqual(expect.arrayContaining(["CLIENT_LOGIN", "LOGIN", "LOGIN_ERROR"]));
  expect(types).not.toContain("REFRESH_TOKEN");
});

test("each secure default can be changed", () => {
  const stack = realm({
    passwordPolicy: ["length(16)", "passwordHistory(5)"],
    refreshTokenRotation: false,
    offlineSessionDays: 1,
  });
  expect(resources(stack, "realm").realm).toMatchObject({
    password_policy: "length(16) and passwordHistory(5)",
    revoke_refresh_token: false,
    offline_session_max_lifespan: "24h0m0s",
  });
});

test("an empty list of password rules allows every password", () => {
  expect(resources(realm({ passwordPolicy: [] }), "realm").realm).toHaveProperty(
    "password_policy",
    "",
  );
});

test.each([
  [
    { passwordPolicy: ["length(12) and notUsername"] },
    'passwordPolicy has the rule "length(12) and notUsername"; write a name, or a name and a value, such as length(12)',
  ],
  [
    { passwordPolicy: ["length(${var.x})"] },
    'passwordPolicy "length(${var.x})" contains "${", which Terraform would evaluate; remove it',
  ],
  [{ offlineSessionDays: 0 }, "offlineSessionDays is 0; write whole days, from 1 to 3650"],
  [
    { events: { retentionDays: 1.5 } },
    "events.retentionDays is 1.5; write whole days, from 1 to 3650",
  ],
  [
    { events: { retentionDays: 3651 } },
    "events.retentionDays is 3651; write whole days, from 1 to 3650",
  ],
])("refuses the settings %j", (settings, problem) => {
  expect(() => resources(realm(settings), "realm")).toThrow(problem);
});
