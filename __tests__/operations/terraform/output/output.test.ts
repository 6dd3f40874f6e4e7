import { describe, expect, test } from "@jest/globals";
import {
  connectionHint,
  forbiddenHint,
  isStateUnavailable,
  isTransientOutput,
  lockHint,
} from "../../../../operations/terraform/output/output.ts";

describe("a failure in terraform's output", () => {
  test.each([
    "error sending POST request: 503 Service Unavailable",
    "Keycloak refused POST /admin/realms/atlas/clients: 429 Too Many Requests",
    "Keycloak at http://localhost:8080 does not answer: other side closed",
    "dial tcp 127.0.0.1:8080: connect: connection refused",
    "read: connection reset by peer",
    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    "dial tcp 10.0.0.1:443: i/o timeout: timed out",
    "unexpected EOF",
    "socket hang up",
    // the official provider 5.9.0
    "error sending POST request to /admin/realms/atlas/clients: 503 Service Unavailable. Response body: <html>",
    "failed to perform initial login to Keycloak: error sending POST request to http://localhost:8080/realms/master/protocol/openid-connect/token: 401 Unauthorized",
    'error sending request: Post "http://localhost:8080/admin/realms": EOF',
    'error sending request: Get "https://login.example.com/": net/http: TLS handshake timeout',
    "error refreshing credentials: invalid character '<' looking for beginning of value",
    // the embedded provider
    "Keycloak refused PUT /admin/realms/atlas/clients/1/default-client-scopes/2: 504",
    'Keycloak at http://localhost:8080 refused the login of client "deployer" in realm "atlas": 502 Bad Gateway',
    // state backends and the registry
    "Failed to get state: HTTP error: 503",
    "Unexpected HTTP response code 502",
    "GET https://state.example giving up after 3 attempt(s): unexpected HTTP status 503 Service\nUnavailable",
    "https response error StatusCode: 503, RequestID: 1, api error SlowDown",
    "googleapi: Error 429: rate limit exceeded",
    "please try again later: 502 Bad Gateway returned from registry.terraform.io",
  ])("is transient if a server is unavailable: %s", (output) => {
    expect(isTransientOutput(output)).toBe(true);
  });

  test.each([
    "error sending POST request: 409 Conflict. Client acme already exists",
    "validation error: valid_redirect_uris cannot be set when standard or implicit flow is not enabled",
    "Error: Missing required argument",
    "403 Forbidden",
    "realm 15031 is not valid",
    "keycloak_openid_client.customers_shop-503-eu_1A2B: error sending POST request to /admin/realms/atlas/clients: 400 Bad Request",
    "keycloak_openid_client.customers_shop-503-eu_1A2B: Keycloak refused POST /admin/realms/atlas/clients: 400 Bad Request",
    "sso_session_idle_timeout must be a duration",
    "error sending PUT request to /admin/realms/atlas/clients/401: 403 Forbidden",
    "Keycloak refused PUT /admin/realms/atlas/clients/401: 403 Forbidden",
    'error sending POST request to /admin/realms/atlas/clients: 409 Conflict. Response body: {"errorMessage":"Client eof-503 already exists: 503"}',
    "Keycloak refused POST /admin/realms/atlas/clients: 409 Conflict: Client 429 Timeout already exists",
    "Keycloak refused POST /admin/realms/eof/clients: 400 Bad Request",
  ])("is not transient otherwise: %s", (output) => {
    expect(isTransientOutput(output)).toBe(false);
  });
});

test.each([
  ["Error: Error acquiring the state lock", true],
  ["Error loading state: dial tcp: no such host", true],
  ["Error: Invalid provider configuration", false],
])("recognizes an unavailable state in terraform's output: %s is %s", (output, expected) => {
  expect(isStateUnavailable(output)).toBe(expected);
});

test("names the command that releases a lock, with the lock's ID", () => {
  const output =
    "Error acquiring the state lock\n\nLock Info:\n  ID:        1f0c-22\n  Path:      atlas\n";
  expect(lockHint(output)).toContain("npm run unlock -- 1f0c-22");
  expect(lockHint("Error: Invalid index")).toBe("");
});

test.each([
  ['Error: parse "postgres://a:TOP": invalid port ":TOP" after host', "postgres://a:TOP#x@b", true],
  ['Error: missing "=" after "SECRET" in connection info string', "password=TOP SECRET", true],
  ["Error: unterminated quoted string literal in connection string", "password='x", true],
  ['Error: parse "x"', undefined, false],
  ["Error: dial tcp: connection refused", "postgres://a:b@c", false],
])("names PG_CONN_STR if terraform cannot read it: %s", (output, PG_CONN_STR, isNamed) => {
  expect(connectionHint(output, { PG_CONN_STR })).toMatch(
    isNamed ? /^\ncheck PG_CONN_STR; / : /^$/,
  );
});

test.each([
  ["error sending GET request to /admin/realms/atlas/groups/1: 403 Forbidden", true],
  ["Keycloak refused GET /admin/realms/atlas/roles-by-id/1: 403 Forbidden", true],
  ["Failed to get state: HTTP error: 403", false],
  ["error sending POST request to /admin/realms/atlas/clients: 409 Conflict", false],
])("names the administrator if Keycloak forbids something: %s", (output, isNamed) => {
  expect(forbiddenHint(output)).toMatch(
    isNamed ? /^\n.*as an administrator; .*npm run bootstrap-deployer$/ : /^$/,
  );
});
