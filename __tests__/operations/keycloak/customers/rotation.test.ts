import { describe, expect, test } from "@jest/globals";
import { CustomerSecret } from "../../../../operations/keycloak/customers/customer-secret.ts";
import { isReadableSecret } from "../../../../operations/keycloak/customers/readable-secret.ts";
import {
  previousAttributes,
  previousSecretEnd,
  secretNumber,
} from "../../../../operations/keycloak/customers/rotation.ts";

describe("the number of a secret", () => {
  test("is 1 for a client that was never rotated", () => {
    expect(secretNumber({ attributes: { contact: "api@acme.example" } })).toBe(1);
  });
  test("is what the last rotation recorded", () => {
    expect(secretNumber({ attributes: { "rotation.done": "12" } })).toBe(12);
  });
});

describe("the previous secret", () => {
  const attributes = {
    "client.secret.rotated": "previous",
    "client.secret.rotated.expiration.time": "1800000000",
  };
  test("works until its end", () => {
    expect(previousSecretEnd({ attributes }, 1_799_999_999)).toBe(1_800_000_000);
    expect(previousSecretEnd({ attributes }, 1_800_000_000)).toBeUndefined();
  });
  test("is none if it was ended", () => {
    expect(previousSecretEnd({}, 1)).toBeUndefined();
    expect(
      previousSecretEnd({ attributes: { ...attributes, "client.secret.rotated": "" } }, 1),
    ).toBeUndefined();
  });
});

describe("a rotation", () => {
  test("keeps the previous secret until the end of the overlap", () => {
    const attributes = previousAttributes("previous", 1_799_999_000.5, 1_800_000_000);
    expect(previousSecretEnd({ attributes }, 1_799_999_999)).toBe(1_800_000_000);
  });
  test("without an overlap removes the previous secret of an earlier one", () => {
    expect(previousAttributes("previous", 1_799_999_000, undefined)).toEqual({
      "client.secret.rotated": "",
      "client.secret.rotated.creation.time": "",
      "client.secret.rotated.expiration.time": "",
    });
  });
});

test("stars and nothing are no secret that can be read", () => {
  const read = ["atlas_0123*", "**********", "", undefined].map(isReadableSecret);
  expect(read).toEqual([true, false, false, false]);
});

test("a customer without a secret is refused, with what helps instead", async () => {
  const customer = {
    ...{ name: "Acme", contact: "api@acme.example", enabled: true, access: {} },
    auth: { method: "federated_jwt", issuer: "github", subject: "repo:acme/app" },
  } as const;
  const declaration = {
    ...{ realm: "atlas", apis: {}, frontends: {}, customers: { acme: customer } },
    keycloak: { url: "http://localhost:1", basePath: "" },
  };
  const login = { baseUrl: "http://localhost:1", realm: "atlas", clientId: "deployer" };
  await expect(CustomerSecret.read(declaration, "acme", customer, login)).rejects.toThrow(
    'the customer "acme" authenticates with federated_jwt, so it has no secret to rotate; npm run revoke -- acme ends its tokens',
  );
});
