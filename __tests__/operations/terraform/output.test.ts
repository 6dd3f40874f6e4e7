import { describe, expect, test } from "@jest/globals";
import {
  isStateUnavailable,
  isTransientOutput,
  lockHint,
} from "../../../operations/terraform/output.ts";

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
  ])("is transient if a server is unavailable: %s", (output) => {
    expect(isTransientOutput(output)).toBe(true);
  });

  test.each([
    "error sending POST request: 409 Conflict. Client acme already exists",
    "validation error: valid_redirect_uris cannot be set when standard or implicit flow is not enabled",
    "Error: Missing required argument",
    "403 Forbidden",
    "realm 15031 is not valid",
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
