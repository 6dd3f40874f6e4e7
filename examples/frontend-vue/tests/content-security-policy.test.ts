import { expect, test } from "vitest";
import { contentSecurityPolicy } from "../vite/content-security-policy.ts";

test.each([
  ["https://www.example.com/bye", "http://localhost:8080 https://www.example.com https:"],
  ["", "http://localhost:8080 https:"],
])(
  "the policy lets a sign-out go on to an identity provider, and then to the address %j",
  (signedOut, formAction) => {
    const policy = contentSecurityPolicy({
      VITE_KEYCLOAK_URL: "http://localhost:8080/auth",
      VITE_KEYCLOAK_REALM: "atlas",
      VITE_KEYCLOAK_CLIENT_ID: "atlas-frontend",
      VITE_API_URL: "https://api.example.com/v1",
      VITE_POST_LOGOUT_REDIRECT_URI: signedOut,
    });
    expect(policy.split("; ")).toContain(`form-action ${formAction}`);
    expect(policy.split("; ")).toContain(
      "connect-src http://localhost:8080 https://api.example.com",
    );
  },
);
