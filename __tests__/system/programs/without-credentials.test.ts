import { describe, expect, test } from "@jest/globals";
import { withoutCredentials } from "../../../system/programs/without-credentials.ts";

describe("variables without credentials", () => {
  const kept = {
    PATH: "/bin",
    HOME: "/home/me",
    TMPDIR: "/tmp",
    LC_ALL: "C",
    XDG_CACHE_HOME: "/cache",
    NODE_OPTIONS: "--trace-warnings",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
    https_proxy: "http://proxy.example:3128",
    NO_PROXY: "localhost",
    npm_config_registry: "https://npm.example.com/",
    NPM_CONFIG_CACHE: "/npm",
    GIT_CONFIG_GLOBAL: "/gitconfig",
    REALM_ENV: "production",
    KEYCLOAK_URL: "https://login.example.com",
    KEYCLOAK_BASE_PATH: "/auth",
    CUSTOMERS_FILE: "customers.yaml",
    TODAY: "2027-06-30",
  };

  test("keep what programs need and what a declaration may depend on", () => {
    expect(withoutCredentials(kept)).toEqual(kept);
  });

  test.each([
    "KEYCLOAK_CLIENT_SECRET",
    "KEYCLOAK_PASSWORD",
    "KEYCLOAK_JWT_TOKEN",
    "PG_CONN_STR",
    "AWS_SECRET_ACCESS_KEY",
    "TF_TOKEN_app_terraform_io",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "CI_JOB_TOKEN",
    "SSH_AUTH_SOCK",
    "npm_config__authToken",
    "npm_config_//npm.example.com/:_password",
    "NPM_CONFIG_OTP",
    "npm_config_key",
    "GIT_INDEX_FILE",
    "GIT_CONFIG_PARAMETERS",
    "GIT_SSH_COMMAND",
  ])("leave out %s", (name) => {
    expect(withoutCredentials({ ...kept, [name]: "s3cret" })).toEqual(kept);
  });
});
