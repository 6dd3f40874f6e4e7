import { describe, expect, test } from "@jest/globals";

import { resourceTypes } from "../../../local/provider/resources/index.ts";
import { clientFromJson, clientToJson } from "../../../local/provider/resources/client-json.ts";
import { realmFromJson, realmToJson } from "../../../local/provider/resources/realm-json.ts";
import { conform, loadSchema, type Block } from "../../../local/provider/schema.ts";
import type { Shape } from "../../../local/provider/shape.ts";
import type { State } from "../../../local/provider/value.ts";

const schema = loadSchema();
const blockOf = (name: string): Block => schema.resource_schemas[name]?.block ?? {};
const client = blockOf("keycloak_openid_client");
const realm = blockOf("keycloak_realm");

// The schema lost these together with its prose; the tables know them.
const LOST = ["description"];

function missing(block: Block, shape: Shape, path: string): string[] {
  const attributes = Object.keys(block.attributes ?? {}).filter((name) => name !== "id");
  const own = attributes.filter(
    (name) => !(name in shape.fields) && block.attributes?.[name]?.computed !== true,
  );
  const strange = Object.keys(shape.fields).filter(
    (name) => !attributes.includes(name) && !LOST.includes(name),
  );
  const nested = Object.entries(block.block_types ?? {}).flatMap(([name, inner]) => {
    const known = shape.blocks?.[name];
    return known === undefined
      ? [`${path}.${name}`]
      : missing(inner.block, known, `${path}.${name}`);
  });
  return [...[...own, ...strange].map((name) => `${path}.${name}`), ...nested];
}

test.each([...resourceTypes.values()].map((type) => [type.name, type.shape] as const))(
  "%s: the table and the official schema know the same attributes and blocks",
  (name, shape) => {
    expect(missing(blockOf(name), shape, name)).toEqual([]);
  },
);

describe("a client's representation", () => {
  const state: State = conform(client, {
    id: "uuid",
    client_id: "acme",
    access_type: "CONFIDENTIAL",
    service_accounts_enabled: true,
    enabled: true,
    valid_post_logout_redirect_uris: ["https://a", "https://b"],
    extra_config: { contact: "x" },
    client_secret_wo_version: "1",
  });
  const write = (more: State, prior: State | null, config: State = {}) =>
    clientToJson(client, { state: { ...state, ...more }, prior, config });

  test("puts every attribute where Keycloak has it", () => {
    expect(write({}, null)).toMatchObject({
      clientId: "acme",
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

  test("reads back what it wrote", () => {
    const read = { ...state };
    clientFromJson(client, write({}, null), read);
    expect(read).toMatchObject({
      access_type: "CONFIDENTIAL",
      valid_post_logout_redirect_uris: ["https://a", "https://b"],
      extra_config: { contact: "x" },
      service_accounts_enabled: true,
      client_secret: null,
    });
  });

  test("holds a write-only secret only when its version changes", () => {
    const config = { client_secret_wo: "s3cret" };
    expect(write({}, null, config).secret).toBe("s3cret");
    expect(write({}, state, config).secret).toBeUndefined();
    expect(write({ client_secret: "stale" }, state, config).secret).toBeUndefined();
    expect(write({ client_secret_wo_version: "2" }, state, config).secret).toBe("s3cret");
  });

  test("never takes a secret into the state in write-only mode", () => {
    const read = { ...state };
    clientFromJson(client, { ...write({}, null), secret: "s3cret" }, read);
    expect(JSON.stringify(read)).not.toContain("s3cret");
  });

  test('removes an extra_config key by ""', () => {
    expect(write({ extra_config: {} }, state).attributes).toMatchObject({ contact: "" });
  });
});

describe("a realm's representation", () => {
  const state = conform(realm, {
    realm: "r",
    access_token_lifespan: "5m",
    attributes: { mine: "1" },
  });

  test("has durations in seconds, standard flows, and defaults for absent defences", () => {
    expect(realmToJson(realm, state, "26.7.4")).toMatchObject({
      id: "r",
      accessTokenLifespan: 300,
      browserFlow: "browser",
      bruteForceProtected: false,
      failureFactor: 30,
      browserSecurityHeaders: { xFrameOptions: "SAMEORIGIN" },
      smtpServer: {},
      attributes: { mine: "1" },
    });
    expect(realmToJson(realm, state, "26.7.4")).not.toHaveProperty("ssoSessionIdleTimeout");
  });

  test("shows only the attributes that are managed", () => {
    const read = { ...state };
    realmFromJson(realm, { realm: "r", attributes: { mine: "2", theirs: "3" } }, read, "26.7.4");
    expect(read.attributes).toEqual({ mine: "2" });
  });

  test("refuses what the server's version does not know", () => {
    const policy = conform(realm.block_types?.web_authn_policy?.block ?? {}, {
      discoverable_credential: "required",
    });
    const wanted = { ...state, web_authn_policy: [policy] };
    expect(() => realmToJson(realm, wanted, "26.6.9")).toThrow(
      /discoverable_credential .*requires >= 26\.7\.0/u,
    );
    expect(realmToJson(realm, wanted, "26.7.0")).toMatchObject({
      webAuthnPolicyResidentKey: "required",
    });
  });
});
