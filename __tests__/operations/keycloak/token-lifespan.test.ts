import { expect, test } from "@jest/globals";
import { lifespanIn, longestLifespan } from "../../../operations/keycloak/token-lifespan.ts";

// as Keycloak 26.7.4 answers for a new realm
const settings = {
  ...{ accessTokenLifespan: 300, ssoSessionIdleTimeout: 1_800 },
  ...{ ssoSessionMaxLifespan: 36_000, clientSessionIdleTimeout: 0, clientSessionMaxLifespan: 0 },
};

test.each([
  ["a new realm", {}, "SSO Session Max", 36_000],
  ["shorter sessions", { ssoSessionMaxLifespan: 1_200 }, "SSO Session Max", 1_200],
  ["shorter client sessions", { clientSessionMaxLifespan: 900 }, "Client Session Max", 900],
  [
    "idle sessions",
    { ssoSessionIdleTimeout: 60, clientSessionIdleTimeout: 60 },
    "SSO Session Max",
    36_000,
  ],
])("finds the setting that limits tokens with %s", (_, changed, setting, seconds) => {
  expect(longestLifespan({ ...settings, ...changed })).toEqual({ setting, seconds });
});

test("finds no limit if the settings have none, or are not to be seen", () => {
  expect(longestLifespan({ ...settings, ssoSessionMaxLifespan: 0 })).toBeUndefined();
  expect(longestLifespan({ realm: "company" })).toBeUndefined();
});

test("takes the lifespan of the customer before the realm's, and shortens both to the limit", () => {
  const short = { ...settings, clientSessionMaxLifespan: 200 };
  expect([lifespanIn(settings), lifespanIn(settings, 3_600)]).toEqual([300, 3_600]);
  expect([lifespanIn(short), lifespanIn(short, 3_600), lifespanIn(short, 60)]).toEqual([
    200, 200, 60,
  ]);
});
