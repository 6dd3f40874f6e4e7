import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  credentials,
  loadPackageDefinition,
  type Client,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

import { loadSchema, PROVIDER_ADDRESS } from "../../../local/provider/schema.ts";
import { startEmbeddedProvider, type EmbeddedProvider } from "../../../local/provider/server.ts";
import { decodeValue, encodeValue, type State, type Value } from "../../../local/provider/value.ts";

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  readonly attribute: { steps: object[] } | null;
}
interface Answer {
  readonly diagnostics: readonly Diagnostic[];
  readonly upgraded_state: { readonly msgpack: Buffer };
  readonly provider: {
    readonly block: {
      readonly attributes: readonly { name: string; required: boolean; type: Buffer }[];
    };
  };
  readonly resource_schemas: Readonly<Record<string, { readonly version: number }>>;
}

let provider: EmbeddedProvider;
let socket: string;
let rpc: Client;

beforeAll(async () => {
  provider = await startEmbeddedProvider({});
  socket = socketOf(provider);
  const file = join(import.meta.dirname, "../../../local/provider/tfplugin6.proto");
  const { tfplugin6 } = loadPackageDefinition(
    loadSync(file, { keepCase: true, longs: Number, enums: String, defaults: true }),
  ) as unknown as {
    tfplugin6: { Provider: ServiceClientConstructor };
  };
  rpc = new tfplugin6.Provider(`unix:${socket}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
  });
});

afterAll(async () => {
  rpc.close();
  await provider.stop();
});

function socketOf({ reattach }: EmbeddedProvider): string {
  const all = JSON.parse(reattach) as Record<string, { Addr: { String: string } }>;
  return all[PROVIDER_ADDRESS]?.Addr.String ?? "";
}

function call(method: string, request: object = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    type Stub = (request: object, done: (failure: Error | null, answer: Answer) => void) => void;
    const stub = (rpc as unknown as Record<string, Stub | undefined>)[method];
    stub?.call(rpc, request, (failure, answer) => {
      if (failure === null) resolve(answer);
      else reject(failure);
    });
  });
}

const dynamic = (value: Value) => ({ msgpack: encodeValue(value) });
const summaries = ({ diagnostics }: Answer): string[] => diagnostics.map(({ summary }) => summary);
const validate = (type_name: string, config: State) =>
  call("ValidateResourceConfig", { type_name, config: dynamic(config) });

test("the socket is this user's alone", () => {
  expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
});

test("stopping removes the socket", async () => {
  const other = await startEmbeddedProvider({});
  expect(existsSync(socketOf(other))).toBe(true);
  await other.stop();
  expect(existsSync(dirname(socketOf(other)))).toBe(false);
});

describe("the schema", () => {
  test("lists every type of the official provider, with its version", async () => {
    const { resource_schemas, provider: own } = await call("GetProviderSchema");
    expect(Object.keys(resource_schemas).sort()).toEqual(
      Object.keys(loadSchema().resource_schemas).sort(),
    );
    expect(resource_schemas.keycloak_openid_client?.version).toBe(1);
    const headers = own.block.attributes.find(({ name }) => name === "additional_headers");
    expect(headers?.type.toString()).toBe('["map","string"]');
  });

  test("demands a url only when the environment has none", async () => {
    const { provider: own } = await call("GetProviderSchema");
    expect(own.block.attributes.find(({ name }) => name === "url")?.required).toBe(true);
  });
});

describe("what is not implemented is refused in words", () => {
  test("a resource type", async () => {
    const [summary] = summaries(await validate("keycloak_role", {}));
    expect(summary).toMatch(
      /does not implement keycloak_role; it implements keycloak_realm, .*; use the official provider/u,
    );
  });

  test.each(["ReadResource", "PlanResourceChange", "ApplyResourceChange", "ImportResourceState"])(
    "a resource type, at %s",
    async (method) => {
      expect(summaries(await call(method, { type_name: "keycloak_role" }))[0]).toContain(
        "does not implement keycloak_role",
      );
    },
  );

  test("a data source", async () => {
    const answer = await call("ValidateDataResourceConfig", { type_name: "keycloak_realm" });
    expect(summaries(answer)[0]).toContain("does not implement data source keycloak_realm");
  });

  test("a provider argument", async () => {
    const config = { url: "http://localhost:1", tls_insecure_skip_verify: true };
    expect(summaries(await call("ConfigureProvider", { config: dynamic(config) }))[0]).toContain(
      "does not implement tls_insecure_skip_verify",
    );
  });
});

describe("configuring", () => {
  const configure = (config: State) => call("ConfigureProvider", { config: dynamic(config) });

  test("names what is missing", async () => {
    expect(summaries(await configure({}))[0]).toMatch(/url is not set.*KEYCLOAK_URL/u);
    expect(summaries(await configure({ url: "http://localhost:1", client_id: "x" }))[0]).toMatch(
      /no credentials/u,
    );
  });

  test("names the address, and no secret, when Keycloak does not answer", async () => {
    const [summary] = summaries(
      await configure({ url: "http://127.0.0.1:1", client_id: "x", client_secret: "s3cret" }),
    );
    expect(summary).toMatch(/^Keycloak at http:\/\/127\.0\.0\.1:1 does not answer: /u);
    expect(summary).not.toContain("s3cret");
  });
});

describe("validation", () => {
  const client = { realm_id: "r", client_id: "c", access_type: "CONFIDENTIAL" };
  const problems = async (more: State) =>
    (await validate("keycloak_openid_client", { ...client, ...more })).diagnostics;

  test("accepts what is right", async () => {
    expect(await problems({ client_secret_wo: "s", client_secret_wo_version: "1" })).toEqual([]);
  });

  test("names choices and the attribute", async () => {
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
    ["an argument without its companion", { client_secret_wo: "a" }, "Missing required argument"],
    [
      "an extra_config key with an attribute of its own",
      { extra_config: { login_theme: "x" } },
      "Invalid extra_config key",
    ],
  ])("finds %s", async (_name, more, summary) => {
    expect((await problems(more)).map((problem) => problem.summary)).toContain(summary);
  });

  test("wants exactly one parent for a mapper", async () => {
    const answer = await validate("keycloak_openid_audience_protocol_mapper", {
      name: "m",
      realm_id: "r",
    });
    expect(summaries(answer)).toContain("Invalid combination of arguments");
  });
});

describe("a state", () => {
  const upgrade = async (type_name: string, version: number, state: State): Promise<Value> => {
    const raw_state = { json: Buffer.from(JSON.stringify(state)) };
    return decodeValue(
      (await call("UpgradeResourceState", { type_name, version, raw_state })).upgraded_state
        .msgpack,
    );
  };

  test("of the official provider loses what this schema does not know, and gains what it lacked", async () => {
    const state = await upgrade("keycloak_openid_client_scope", 0, {
      id: "1",
      name: "n",
      realm_id: "r",
      description: "d",
    });
    expect(state).not.toHaveProperty("description");
    expect(state).toMatchObject({ id: "1", name: "n", gui_order: null });
  });

  test("of schema version 0 gets the secret's version as text", async () => {
    expect(
      await upgrade("keycloak_openid_client", 0, { client_secret_wo_version: 3 }),
    ).toMatchObject({ client_secret_wo_version: "3" });
  });
});
