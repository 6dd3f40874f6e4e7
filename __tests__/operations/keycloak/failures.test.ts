import { expect, test } from "@jest/globals";
import { NetworkError } from "@keycloak/keycloak-admin-client";
import { requestFailure } from "../../../operations/keycloak/failures.ts";

const url = "http://localhost:8080/admin/realms/atlas/clients?max=1";

const answered = (status: number, message = "not this time") =>
  new NetworkError(message, {
    response: Object.defineProperty(new Response(null, { status }), "url", { value: url }),
    responseData: undefined,
  });

test.each([401, 408, 429, 502, 503, 504])("HTTP %d from Keycloak is transient", (status) => {
  expect(requestFailure(answered(status))).toMatchObject({
    code: "unavailable",
    isTransient: true,
    message: `Keycloak refuses /admin/realms/atlas/clients (HTTP ${status}): not this time`,
  });
});

test.each([400, 403, 404, 409, 500])("HTTP %d from Keycloak is a refusal", (status) => {
  expect(requestFailure(answered(status))).toMatchObject({ code: "refused", exitStatus: 1 });
});

test("a message of Keycloak is shown on one line, without anything that a log would act on", () => {
  expect(requestFailure(answered(400, "no\n::error::forged ##[error]\u001B[31m"))).toMatchObject({
    message:
      "Keycloak refuses /admin/realms/atlas/clients (HTTP 400): no\\u000a::error::forged \\u0023#[error]\\u001b[31m",
  });
});

test.each([
  new TypeError("fetch failed"),
  Object.assign(new Error("The operation timed out"), { name: "TimeoutError" }),
])("a request without an answer is transient: %s", (error) => {
  expect(requestFailure(error)).toMatchObject({
    code: "unavailable",
    isTransient: true,
    message: `Keycloak does not answer: ${error.message}`,
  });
});

test("any other error is not about a request", () => {
  expect(requestFailure(new Error("a bug"))).toBeUndefined();
});
