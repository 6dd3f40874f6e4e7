import { expect, test } from "@jest/globals";
import { clockBy } from "../../../operations/keycloak/clock.ts";

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const tokenOf = (iat: number) => `${part({ alg: "RS256" })}.${part({ iat })}.c2lnbmF0dXJl`;

test.each([
  ["an hour ago", 3_600],
  ["just now", 0],
])("Keycloak's clock is right by a token that arrived %s", (_, age) => {
  const receivedAt = Date.now() / 1_000 - age;
  for (const ahead of [0, 600, -600]) {
    const clock = clockBy(tokenOf(Math.floor(receivedAt + ahead)), receivedAt);
    expect(Math.abs(clock() - Date.now() / 1_000 - ahead)).toBeLessThan(60);
  }
});
