import { describe, expect, test } from "@jest/globals";
import { readableOutput } from "../../../../operations/terraform/output/readable-output.ts";

const secret = "TOPSECRET";

describe("terraform's output in a message", () => {
  test.each([
    ["KEYCLOAK_PASSWORD"],
    ["KEYCLOAK_CLIENT_SECRET"],
    ["KEYCLOAK_ACCESS_TOKEN"],
    ["KEYCLOAK_JWT_SIGNING_KEY"],
    ["PG_CONN_STR"],
    ["PGPASSWORD"],
    ["TF_HTTP_PASSWORD"],
    ["AWS_SECRET_ACCESS_KEY"],
    ["AWS_SESSION_TOKEN"],
    ["ARM_CLIENT_SECRET"],
    ["GOOGLE_CREDENTIALS"],
    ["TF_TOKEN_app_terraform_io"],
  ])("does not contain the value of %s", (name) => {
    const variables = { [name]: 'a "b" c' };
    expect(readableOutput('Error: "a \\"b\\" c" and a "b" c', variables)).toBe(
      'Error: "(hidden)" and (hidden)',
    );
  });

  test.each([
    ["KEYCLOAK_URL", "https://login.example.com"],
    ["KEYCLOAK_REALM", "atlas"],
    ["AWS_ACCESS_KEY_ID", "AKIA"],
    ["KEYCLOAK_PASSWORD", ""],
    ["KEYCLOAK_PASSWORD", "abc"],
  ])("contains the value of %s if it is %j", (name, value) => {
    expect(readableOutput(`Error: ${value} x`, { [name]: value })).toBe(`Error: ${value} x`);
  });

  test.each([
    ["postgres://atlas:TOP@SECRET@db.example/a", "password TOP@SECRET, SECRET"],
    ["postgres://atlas:TOP%2FSECRET@db.example/a", "password TOP/SECRET, TOP%2FSECRET"],
    ["postgres://db.example/a?user=b&password=TOPSECRET", "password TOPSECRET"],
    ["host=db.example password=TOP SECRET port=9", 'after TOP SECRET "SECRET"'],
    ["host=db.example password='TOPSECRET'", "password TOPSECRET"],
  ])("does not contain a piece of the password of PG_CONN_STR=%s", (PG_CONN_STR, output) => {
    const shown = readableOutput(`Error: ${output} at db.example`, { PG_CONN_STR });
    expect(shown).not.toMatch(/SECRET/);
    expect(shown).toMatch(/^Error: .*db\.example/);
  });

  test.each([
    'key_provider "pbkdf2" "main" { passphrase = "TOP \\"SECRET" }',
    '{"key_provider": {"pbkdf2": {"main": {"passphrase": "TOP \\"SECRET"}}}}',
    'key_provider "aws_kms" "main" {\n  secret_key="TOP \\"SECRET"\n}',
    'key_provider "pbkdf2" "main" {\n  passphrase = <<-END\n    TOP SECRET\n  END\n}',
  ])("does not contain a secret of TF_ENCRYPTION=%j", (TF_ENCRYPTION) => {
    const shown = readableOutput(`Error: in ${TF_ENCRYPTION}`, { TF_ENCRYPTION });
    expect(shown).not.toMatch(/SECRET/);
    expect(shown).toContain("main");
  });

  test("contains a word that a variable of another kind names with a key", () => {
    const shown = readableOutput("branch main is fine", { CI_EVENT: '{"key": "main"}' });
    expect(shown).toBe("branch main is fine");
  });

  test("does not contain the password of a proxy", () => {
    const variables = { HTTPS_PROXY: `http://me:${secret}@proxy.example:3128` };
    expect(readableOutput(`proxyconnect tcp: ${secret}`, variables)).not.toContain(secret);
  });

  test.each([
    ['parse "postgres://atlas:p%zz": invalid URL escape "%zz"', "%zz"],
    ['parse "postgres://atlas:TOP": invalid port ":TOP" after host', "TOP"],
    ['missing "=" after "TOP" in connection info string', "TOP"],
    ['parse "http://a:TOP\\"SECRET@b": net/url: invalid userinfo', "TOP"],
    ["Get https://state:TOPSECRET@state.example/atlas: EOF", "TOP"],
  ])("contains no piece of an address that a program cannot read: %s", (output, piece) => {
    expect(readableOutput(`Error: ${output}`, {})).not.toContain(piece);
  });

  test("keeps its lines, and contains nothing that a log would act on", () => {
    expect(readableOutput("\u001B[31mError:\u001B[0m a\n::error::b\n##[error]c\u0007", {})).toBe(
      "Error: a\n\\u003a:error::b\n\\u0023#[error]c\\u0007",
    );
  });
});
