import { tmpdir } from "node:os";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readSettings } from "../vite/settings.ts";

const complete = {
  VITE_KEYCLOAK_URL: "https://login.example",
  VITE_KEYCLOAK_REALM: "atlas",
  VITE_KEYCLOAK_CLIENT_ID: "atlas-frontend",
  VITE_API_URL: "http://localhost:5000",
  VITE_POST_LOGOUT_REDIRECT_URI: "",
};

/** The settings of a build with these variables, or its message. */
function settingsOf(variables: Record<string, string | undefined>): unknown {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  try {
    return readSettings("production", tmpdir());
  } catch (error) {
    return inspect(error);
  }
}

beforeEach(() => {
  for (const name of Object.keys(complete)) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test("reads the settings, without space around them", () => {
  expect(settingsOf({ ...complete, VITE_KEYCLOAK_REALM: " atlas " })).toEqual(complete);
});

test("names every missing setting in a line of its own", () => {
  const missing = Object.keys(complete).map(
    (name) => `${name} is not set; set it in the environment or in .env.local`,
  );
  expect(settingsOf({})).toBe(missing.join("\n"));
  expect(settingsOf({ ...complete, VITE_POST_LOGOUT_REDIRECT_URI: undefined })).toBe(
    missing.at(-1),
  );
});

test.each(["VITE_KEYCLOAK_URL", "VITE_API_URL", "VITE_POST_LOGOUT_REDIRECT_URI"])(
  "refuses a %s that is no address of a web page",
  (name) => {
    for (const value of ["localhost:8080", "javascript:alert(1)", "/bye"])
      expect(settingsOf({ ...complete, [name]: value })).toBe(
        `${name} is "${value}", which is not an http or https address`,
      );
  },
);
