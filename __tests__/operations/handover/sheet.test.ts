import { describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { sheet } from "../../../operations/handover/sheet.ts";
import type { Credentials } from "../../../operations/keycloak/customers/credentials.ts";

const common = {
  name: "Acme Corp",
  clientId: "acme",
  tokenUrl: "https://login.example.com/realms/shop/protocol/openid-connect/token",
  issuer: "https://login.example.com/realms/shop",
  audiences: ["orders-api", "stock-api"],
  permissions: ["orders:read", "stock:read"],
};
const secret = "shop_live_0123456789abcdef";
const withSecret: Credentials = { ...common, auth: { method: "client_secret" }, secret };
const key = { kty: "EC", kid: "key-1", alg: "ES256", use: "sig" } as const;
const withKey: Credentials = { ...common, auth: { method: "private_key_jwt", jwks: [key] } };
const subject = "repo:acme/app:ref:refs/heads/main";
const federated = (trustedIssuer: string): Credentials => ({
  ...common,
  auth: { method: "federated_jwt", issuer: "ci", subject },
  trustedIssuer,
});

const sheets: Record<string, Credentials> = {
  "a secret": withSecret,
  "a secret and bound tokens": { ...withSecret, tokenBinding: "dpop" },
  "a key": withKey,
  "a key and bound tokens": { ...withKey, tokenBinding: "dpop" },
  "a certificate": { ...common, auth: { method: "tls_client_auth", subjectDn: "CN=acme" } },
  "GitHub's tokens": federated("https://token.actions.githubusercontent.com"),
  "GitLab's tokens": federated("https://gitlab.com"),
  "another issuer's tokens": federated("https://issuer.example.com"),
};

/** The shell commands of a sheet. */
function commands(text: string): string[] {
  return [...text.matchAll(/^```sh\n(.*?)\n```$/gms)].map(([, command = ""]) => command);
}

/** The program that a command gives to an interpreter. */
function program(all: readonly string[], interpreter: string): string {
  const command = all.find((each) => each.startsWith(interpreter) && each.includes("<<")) ?? "";
  return /<<'EOF'[^\n]*\n(.*)\nEOF$/s.exec(command)?.[1] ?? "";
}

describe.each(Object.entries(sheets))("the sheet for a customer with %s", (_, credentials) => {
  const all = commands(sheet(credentials));

  test("has commands that a shell can read", async () => {
    expect(all.length).toBeGreaterThanOrEqual(3);
    for (const command of all) await execa("bash", ["-n"], { input: command });
  });

  test("has programs that Python and Node can read", async () => {
    const parse = "import ast, sys; ast.parse(sys.stdin.read())";
    await execa("python3", ["-c", parse], { input: program(all, "python3") });
    const check = ["--input-type=module", "--check", "-"];
    await execa("node", check, { input: program(all, "node") });
    expect(program(all, "python3")).toContain("urlopen");
    expect(program(all, "node")).toContain(common.tokenUrl);
  });

  test("has the secret in no command", () => {
    expect(all.join("\n")).not.toContain(secret);
  });
});

describe("the fields of a sheet", () => {
  const fields = (credentials: Credentials) => sheet(credentials).split("## Prepare")[0];

  test("are what a developer needs", () => {
    expect(
      fields({
        ...withSecret,
        tokenLifespan: 120,
        previousSecretUntil: Date.parse("2027-01-02T03:04:05Z") / 1_000,
        accessEnds: "2027-07-01T00:00:00Z",
      }),
    ).toBe(`# API access for Acme Corp

\`\`\`text
Token URL        https://login.example.com/realms/shop/protocol/openid-connect/token
Client id        acme
Authentication   client_secret, in HTTP Basic
Client secret    shop_live_0123456789abcdef
Previous secret  works until 2027-01-02T03:04:05Z
Audience         orders-api, stock-api
Permissions      orders:read, stock:read
Token lifespan   2m
Access ends      2027-07-01T00:00:00Z
\`\`\`

`);
  });

  test("name the keys, and the audience of what they sign", () => {
    const text = fields({ ...withKey, tokenBinding: "dpop" });
    expect(text).toMatch(/^Key +key-1 \(ES256\)$/m);
    expect(text).toMatch(/^Assertion's aud +https:\/\/login\.example\.com\/realms\/shop$/m);
    expect(text).toMatch(/^Token binding +DPoP/m);
    expect(text).not.toContain("Client secret");
  });

  test("name the token of another issuer that Keycloak accepts", () => {
    const text = fields(federated("https://gitlab.com"));
    expect(text).toMatch(/^Token's iss +https:\/\/gitlab\.com$/m);
    expect(text).toMatch(/^Token's sub +repo:acme\/app:ref:refs\/heads\/main$/m);
    expect(text).toMatch(/^Token's aud +https:\/\/login\.example\.com\/realms\/shop$/m);
  });
});

describe("the lines for a private key", () => {
  const old = { ...key, kid: "old", alg: "RS256" } as const;
  const changing = sheet({ ...common, auth: { method: "private_key_jwt", jwks: [old, key] } });

  test("name the new key while the customer changes it, and list both", () => {
    expect(changing).toContain("export KEY_ID='key-1'\nexport KEY_ALGORITHM=ES256\n");
    expect(changing).toContain("You have several keys: old (RS256), key-1 (ES256).");
  });

  test("list no keys if there is one", () => {
    expect(sheet(withKey)).toContain("export KEY_ID='key-1'\n");
    expect(sheet(withKey)).not.toContain("several keys");
  });
});

test("the lines for a CI system ask for a token with the realm as audience", () => {
  expect(sheet(federated("https://token.actions.githubusercontent.com"))).toContain(
    "&audience=https%3A%2F%2Flogin.example.com%2Frealms%2Fshop",
  );
  expect(sheet(federated("https://gitlab.example.com"))).toContain(
    `  ID_TOKEN:\n    aud: ${common.issuer}`,
  );
});
