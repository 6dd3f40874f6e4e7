import { expect, test } from "@jest/globals";
import { conform, loadSchema } from "../../../src/protocol/schema.ts";
import type { State } from "../../../src/protocol/value.ts";
import {
  clientFromJson,
  clientToJson,
} from "../../../src/resources/client/client-representation.ts";

const { block = {} } = loadSchema().resource_schemas.keycloak_openid_client ?? {};
const state: State = conform(block, {
  id: "uuid",
  client_id: "acme",
  description: "An API customer",
  access_type: "CONFIDENTIAL",
  service_accounts_enabled: true,
  enabled: true,
  valid_post_logout_redirect_uris: ["https://a", "https://b"],
  extra_config: { contact: "x" },
  client_secret_wo_version: "1",
});
const write = (more: State, prior: State | null, config: State = {}) =>
  clientToJson(block, { state: { ...state, ...more }, prior, config });

test("writes every attribute of a client where Keycloak has it", () => {
  expect(write({}, null)).toMatchObject({
    clientId: "acme",
    description: "An API customer",
    publicClient: false,
    bearerOnly: false,
    serviceAccountsEnabled: true,
    attributes: {
      "post.logout.redirect.uris": "https://a##https://b",
      contact: "x",
      "use.refresh.tokens": "false",
    },
  });
});

test("reads a client as it was written", () => {
  const read = { ...state };
  clientFromJson(block, write({}, null), read);
  expect(read).toMatchObject({
    access_type: "CONFIDENTIAL",
    description: "An API customer",
    valid_post_logout_redirect_uris: ["https://a", "https://b"],
    extra_config: { contact: "x" },
    service_accounts_enabled: true,
    client_secret: null,
  });
});

test("writes a write-only secret of a client only if its version changes", () => {
  const config = { client_secret_wo: "s3cret" };
  expect(write({}, null, config).secret).toBe("s3cret");
  expect(write({}, state, config).secret).toBeUndefined();
  expect(write({ client_secret: "stale" }, state, config).secret).toBeUndefined();
  expect(write({ client_secret_wo_version: "2" }, state, config).secret).toBe("s3cret");
});

test("never reads a client's secret into the state if the secret is write-only", () => {
  const read = { ...state };
  clientFromJson(block, { ...write({}, null), secret: "s3cret" }, read);
  expect(JSON.stringify(read)).not.toContain("s3cret");
});

test('removes an extra_config key of a client by writing ""', () => {
  expect(write({ extra_config: {} }, state).attributes).toMatchObject({ contact: "" });
});
