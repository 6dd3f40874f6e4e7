import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  adminClient,
  loginFrom,
  loginVariables,
} from "../../../../operations/keycloak/login/admin.ts";

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const expired = `${part({ alg: "RS256" })}.${part({ exp: 1_800_000 })}.c2lnbmF0dXJl`;

describe("a login with another issuer's token", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "token-"));
    writeFileSync(join(folder, "expired"), `${expired}\n`);
    writeFileSync(join(folder, "other"), "secret-that-is-no-jwt");
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const logIn = async (variables: NodeJS.ProcessEnv) => {
    const login = loginFrom("http://localhost:1", { KEYCLOAK_CLIENT_ID: "deployer", ...variables });
    return login && adminClient(login);
  };

  test.each([
    ["is missing", "nowhere", /^KEYCLOAK_JWT_TOKEN_FILE: cannot read ".*nowhere" \(ENOENT\); /],
    ["is a folder", "", /^KEYCLOAK_JWT_TOKEN_FILE: cannot read ".*" \(EISDIR\); /],
    ["has an expired token", "expired", /has a token that expired at 1970-01-21T20:00:00.000Z; /],
    ["has no JWT", "other", /has no JWT; write the token of the issuer into it$/],
  ])(
    "reports with exit status 3 that the file %s, without its content",
    async (_, name, message) => {
      const error: unknown = await logIn({ KEYCLOAK_JWT_TOKEN_FILE: join(folder, name) }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({ exitStatus: 3, message: expect.stringMatching(message) });
      expect(String(error)).not.toMatch(/secret-that|c2lnbmF0dXJl/);
    },
  );

  test("reports an expired token of the variable by its name", async () => {
    await expect(logIn({ KEYCLOAK_JWT_TOKEN: expired })).rejects.toThrow(
      /^KEYCLOAK_JWT_TOKEN has a token that expired at /,
    );
  });

  test("is not used if there is a secret, and needs the client id", () => {
    const token = { KEYCLOAK_JWT_TOKEN: expired };
    const secret = { KEYCLOAK_CLIENT_ID: "a", KEYCLOAK_CLIENT_SECRET: "b", ...token };
    expect(loginFrom("http://localhost:1", secret)).toHaveProperty("clientSecret", "b");
    expect(loginFrom("http://localhost:1", token)).toBeUndefined();
  });

  test("passes no token of the issuer to Terraform", () => {
    const login = loginFrom("http://a", { KEYCLOAK_CLIENT_ID: "a", KEYCLOAK_JWT_TOKEN: expired });
    const variables = login ? loginVariables(login) : {};
    expect(variables).toMatchObject({ KEYCLOAK_CLIENT_ID: "a", KEYCLOAK_JWT_TOKEN: undefined });
    expect(JSON.stringify(variables)).not.toContain(expired);
  });
});
