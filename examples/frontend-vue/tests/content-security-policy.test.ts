import { expect, test } from "vitest";
import { contentSecurityPolicy } from "../vite/content-security-policy.ts";

test.each([
  ["https://www.example.com/bye", "'self' https://login.example.com https://www.example.com"],
  ["", "'self' https://login.example.com"],
])("the policy lets a sign-out go on to the address %j", (signedOut, formAction) => {
  const policy = contentSecurityPolicy({
    VITE_KEYCLOAK_URL: "https://login.example.com/auth",
    VITE_KEYCLOAK_REALM: "atlas",
    VITE_KEYCLOAK_CLIENT_ID: "atlas-frontend",
    VITE_API_URL: "https://api.example.com/v1",
    VITE_POST_LOGOUT_REDIRECT_URI: signedOut,
  });
  expect(policy.split("; ")).toContain(`form-action ${formAction}`);
  expect(policy.split("; ")).toContain(
    "connect-src https://login.example.com https://api.example.com",
  );
});
