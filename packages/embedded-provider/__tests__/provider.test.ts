import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeValue } from "../src/protocol/dynamic-value.ts";
import { loadSchema } from "../src/protocol/schema.ts";
import type { State, Value } from "../src/protocol/value.ts";
import { resourceTypes } from "../src/resources/resources.ts";
import { startEmbeddedProvider, type EmbeddedProvider } from "../src/server.ts";
import { ProtocolClient, summaries, type Response } from "./support/protocol-client.ts";

let provider: EmbeddedProvider;
let client: ProtocolClient;

beforeAll(async () => {
  provider = await startEmbeddedProvider({});
  client = new ProtocolClient(provider);
});

afterAll(async () => {
  client.close();
  await provider.stop();
});

describe("the schema", () => {
  const isUrlRequired = ({ provider: { block } }: Response) =>
    block.attributes.find(({ name }) => name === "url")?.required;

  test("lists every resource type of the official provider, with its version", async () => {
    const { resource_schemas } = await client.call("GetProviderSchema");
    expect(Object.keys(resource_schemas).sort()).toEqual(
      Object.keys(loadSchema().resource_schemas).sort(),
    );
    expect(resource_schemas.keycloak_openid_client?.version).toBe(1);
  });

  test("encodes the types of attributes as JSON", async () => {
    const { block } = (await client.call("GetProviderSchema")).provider;
    const headers = block.attributes.find(({ name }) => name === "additional_headers");
    expect(headers?.type.toString()).toBe('["map","string"]');
  });

  test("requires the argument url if KEYCLOAK_URL is not set", async () => {
    expect(isUrlRequired(await client.call("GetProviderSchema"))).toBe(true);
  });

  test("makes the argument url optional if KEYCLOAK_URL is set", async () => {
    const other = await startEmbeddedProvider({ KEYCLOAK_URL: "http://localhost:1" });
    const otherClient = new ProtocolClient(other);
    const schema = await otherClient.call("GetProviderSchema");
    otherClient.close();
    await other.stop();
    expect(isUrlRequired(schema)).toBe(false);
  });
});

describe("what is not implemented", () => {
  test("is refused by its name, with the alternative", async () => {
    expect(summaries(await client.validate("keycloak_user", {}))).toEqual([
      "the embedded provider does not implement keycloak_user; use the official provider (docs/deploy.md)",
    ]);
  });

  test("is refused for every other resource type of the schema", async () => {
    const others = Object.keys(loadSchema().resource_schemas).filter(
      (name) => !resourceTypes.has(name),
    );
    expect(others.length).toBeGreaterThan(0);
    for (const name of others)
      expect(summaries(await client.validate(name, {}))[0]).toContain(
        `does not implement ${name};`,
      );
  });

  test.each(["ReadResource", "PlanResourceChange", "ApplyResourceChange", "ImportResourceState"])(
    "is refused in %s",
    async (method) => {
      expect(summaries(await client.call(method, { type_name: "keycloak_user" }))[0]).toContain(
        "does not implement keycloak_user;",
      );
    },
  );

  test("is refused if it is only in the state, with its id", async () => {
    const raw_state = { json: Buffer.from('{"id":"7f3a"}') };
    const request = { type_name: "keycloak_user", version: 0, raw_state };
    const [problem] = (await client.call("UpgradeResourceState", request)).diagnostics;
    expect(problem?.summary).toContain("does not implement keycloak_user;");
    expect(problem?.detail).toBe('It is in the state, with the id "7f3a".');
  });

  test.each(["ValidateDataResourceConfig", "ReadDataSource"])(
    "is refused for every data source of the schema in %s",
    async (method) => {
      for (const name of Object.keys(loadSchema().data_source_schemas))
        expect(summaries(await client.call(method, { type_name: name }))).toEqual([
          `the embedded provider does not implement the data source ${name}; use the official provider (docs/deploy.md)`,
        ]);
    },
  );

  test("refuses a provider argument", async () => {
    const config = { url: "http://localhost:1", tls_insecure_skip_verify: true };
    expect(summaries(await client.configure(config))[0]).toContain(
      "does not implement tls_insecure_skip_verify",
    );
  });
});

describe("the provider's configuration", () => {
  test("names url and KEYCLOAK_URL if neither is set", async () => {
    expect(summaries(await client.configure({}))[0]).toMatch(/url is not set.*KEYCLOAK_URL/u);
  });

  test("reports missing credentials", async () => {
    const config = { url: "http://localhost:1", client_id: "x" };
    expect(summaries(await client.configure(config))[0]).toMatch(/no credentials/u);
  });

  test("takes a file with a JWT without a client id, and names the file if it cannot be read", async () => {
    const config = { url: "http://127.0.0.1:1", jwt_token_file: "/nowhere/token" };
    expect(summaries(await client.configure(config))).toEqual([
      'jwt_token_file "/nowhere/token" cannot be read (ENOENT)',
    ]);
  });

  test("names the address, and no JWT, if Keycloak does not answer", async () => {
    const config = { url: "http://127.0.0.1:1", jwt_token: "s3cret" };
    const [summary] = summaries(await client.configure(config));
    expect(summary).toMatch(/^Keycloak at http:\/\/127\.0\.0\.1:1 does not answer: /u);
    expect(summary).not.toContain("s3cret");
  });

  test("needs no login with an access token", async () => {
    const config = { url: "http://127.0.0.1:1", access_token: "e30.e30.c2ln" };
    expect(summaries(await client.configure(config))).toEqual([]);
  });

  test("names the address, and no secret, if Keycloak does not answer", async () => {
    const config = { url: "http://127.0.0.1:1", client_id: "x", client_secret: "s3cret" };
    const [summary] = summaries(await client.configure(config));
    expect(summary).toMatch(/^Keycloak at http:\/\/127\.0\.0\.1:1 does not answer: /u);
    expect(summary).not.toContain("s3cret");
  });
});

describe("the validation of a client", () => {
  const valid = { realm_id: "r", client_id: "c", access_type: "CONFIDENTIAL" };
  const problems = async (more: State) =>
    (await client.validate("keycloak_openid_client", { ...valid, ...more })).diagnostics;

  test("accepts a valid configuration", async () => {
    expect(await problems({ client_secret_wo: "s", client_secret_wo_version: "1" })).toEqual([]);
  });

  test("names the allowed values and the attribute", async () => {
    const [problem] = await problems({ access_type: "SECRET" });
    expect(problem?.summary).toBe(
      'expected access_type to be one of ["CONFIDENTIAL" "PUBLIC" "BEARER-ONLY"], got SECRET',
    );
    expect(problem?.attribute?.steps).toMatchObject([{ attribute_name: "access_type" }]);
  });

  test.each<[string, State, string]>([
    [
      "arguments that exclude each other",
      { client_secret: "a", client_secret_regenerate_when_changed: { v: "1" } },
      "Conflicting configuration arguments",
    ],
    [
      "an argument without the one that it requires",
      { client_secret_wo: "a" },
      "Missing required argument",
    ],
    [
      "an extra_config key with an attribute of its own",
      { extra_config: { login_theme: "x" } },
      "Invalid extra_config key",
    ],
  ])("refuses %s", async (_, more, summary) => {
    expect((await problems(more)).map((problem) => problem.summary)).toContain(summary);
  });
});

describe("the validation of a mapper", () => {
  const mapper = { name: "m", realm_id: "r" };

  test.each(["audience", "user_client_role"])("of %s requires exactly one parent", async (kind) => {
    const response = await client.validate(`keycloak_openid_${kind}_protocol_mapper`, mapper);
    expect(summaries(response)).toContain("Invalid combination of arguments");
  });

  test("ignores the case of a claim's type", async () => {
    const problems = async (claim_value_type: string) =>
      summaries(
        await client.validate("keycloak_openid_user_client_role_protocol_mapper", {
          ...mapper,
          client_id: "c",
          claim_name: "permissions",
          claim_value_type,
        }),
      );
    expect(await problems("string")).toEqual([]);
    expect(await problems("text")).toEqual([
      'expected claim_value_type to be one of ["JSON" "String" "long" "int" "boolean"], got text',
    ]);
  });
});

test("the validation of a scope mapping refuses two parents", async () => {
  const parents = { client_id: "c", client_scope_id: "s" };
  const mapping = { realm_id: "r", role_id: "1", ...parents };
  const response = await client.validate("keycloak_generic_role_mapper", mapping);
  expect(summaries(response)).toContain("Conflicting configuration arguments");
});

describe("the import of a resource", () => {
  const problem = async (type_name: string, id: string) => {
    await client.configure({
      url: "http://127.0.0.1:1",
      client_id: "x",
      client_secret: "x",
      initial_login: false,
    });
    return summaries(await client.call("ImportResourceState", { type_name, id }));
  };

  test.each([
    ["keycloak_role", "r/1/2", "{{realm}}/{{roleId}}"],
    [
      "keycloak_group",
      "r",
      "{{realmId}}/{{groupId}} or {{realmId}}/{{organizationId}}/{{groupId}}",
    ],
    ["keycloak_group_roles", "r/1/2", "{{realm}}/{{groupId}}"],
  ])("of %s is refused if the id has another form", async (type, id, format) => {
    expect(await problem(type, id)).toEqual([`invalid import id "${id}"; the format is ${format}`]);
  });

  test("of a scope mapping is refused if its parent is neither a client nor a client scope", async () => {
    expect(await problem("keycloak_generic_role_mapper", "r/group/1/scope-mappings/c/2")).toEqual([
      'invalid import id "r/group/1/scope-mappings/c/2"; the parent must be client or client-scope, not "group"',
    ]);
  });
});

describe("the upgrade of a state", () => {
  const upgrade = async (type_name: string, version: number, state: State): Promise<Value> => {
    const raw_state = { json: Buffer.from(JSON.stringify(state)) };
    const response = await client.call("UpgradeResourceState", { type_name, version, raw_state });
    return decodeValue(response.upgraded_state);
  };

  test("removes attributes that the schema does not have, and adds missing ones as null", async () => {
    const state = await upgrade("keycloak_openid_client_scope", 0, {
      id: "1",
      name: "n",
      realm_id: "r",
      outdated: "d",
    });
    expect(state).not.toHaveProperty("outdated");
    expect(state).toMatchObject({ id: "1", name: "n", gui_order: null });
  });

  test("converts the secret's version of a client of schema version 0 into text", async () => {
    expect(
      await upgrade("keycloak_openid_client", 0, { client_secret_wo_version: 3 }),
    ).toMatchObject({ client_secret_wo_version: "3" });
  });
});
