import { describe, expect, test } from "@jest/globals";
import { revokedText } from "../../../cli/shared/revoked-text.ts";
import { authenticationMethods } from "../../../constructs/authentication/authentication.ts";

const notBefore = Date.parse("2027-01-02T03:04:05Z") / 1_000;
const revocation = { notBefore, lifespan: 120, isEnabled: true };
const text = (
  changes: object = {},
  method: (typeof authenticationMethods)[number] = "client_secret",
) => revokedText("acme", { ...revocation, ...changes }, method, "customers.yaml");

describe("what revoke prints", () => {
  test("names the last instant only for tokens of the present lifespan", () => {
    expect(text()).toContain(
      "accepts one that was issued with the present lifespan (2m) until 2027-01-02T03:06:05Z at the latest\n",
    );
  });

  test("names no instant if the lifespan is unknown", () => {
    const lines = text({ lifespan: undefined }).split("\n");
    expect(lines[1]).toBe("an API that does not ask Keycloak accepts one until it expires");
  });

  test.each(authenticationMethods)("offers a rotation only if there is a secret: %s", (method) => {
    expect(text({}, method)).toContain("acme can get new tokens; enabled: false in customers.yaml");
    expect(text({}, method).includes("npm run rotate")).toBe(method === "client_secret");
  });

  test("promises no new tokens to a suspended customer", () => {
    expect(text({ isEnabled: false })).toMatch(
      /\nacme is suspended in Keycloak, so it gets no new tokens$/,
    );
  });
});
