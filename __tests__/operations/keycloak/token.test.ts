import { expect, test } from "@jest/globals";
import { realmKeys, tokenProblems } from "../../../operations/keycloak/token.ts";

test("a token that is no JWT is reported as that", async () => {
  const issuer = "http://localhost/realms/atlas";
  const expected = { issuer, clientId: "acme", audiences: ["atlas-api"], permissions: [] };
  expect(await tokenProblems("opaque", expected, realmKeys(issuer))).toEqual([
    "Invalid Compact JWS",
  ]);
});
