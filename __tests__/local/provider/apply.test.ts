import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { Provider } from "../../../local/provider/provider.ts";
import { conform, loadSchema } from "../../../local/provider/schema.ts";
import { decodeValue, encodeValue, type State, type Value } from "../../../local/provider/value.ts";
import type { Diagnostic, DynamicValue } from "../../../local/provider/wire.ts";

const schema = loadSchema();
const block = schema.resource_schemas.keycloak_openid_client_scope?.block ?? {};
const token = `x.${Buffer.from("{}").toString("base64url")}.x`;

type Reply = readonly [status: number, body?: object, location?: string];

let server: Server;
let provider: Provider;
let seen: string[];
/** What the stand-in for Keycloak answers, by method and path; a list is answered in turn. */
let replies: Record<string, Reply[]>;

beforeEach(async () => {
  seen = [];
  replies = {};
  server = createServer((request, response) => {
    const key = `${request.method ?? ""} ${request.url ?? ""}`;
    seen.push(key);
    const isLogin = key.endsWith("/openid-connect/token");
    const [status, body = {}, location] = isLogin
      ? [200, { access_token: token, refresh_token: token }]
      : (replies[key]?.shift() ?? [404, { error: "not prepared" }]);
    response.writeHead(status, location === undefined ? {} : { location });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  provider = new Provider(schema, {
    KEYCLOAK_URL: `http://127.0.0.1:${String(port)}`,
    KEYCLOAK_CLIENT_ID: "deployer",
    KEYCLOAK_CLIENT_SECRET: "s3cret",
  });
  await provider.configure({});
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Answer {
  readonly new_state: DynamicValue;
  readonly diagnostics?: readonly Diagnostic[];
}

const dynamic = (value: Value): DynamicValue => ({ msgpack: encodeValue(value) });
const stateIn = ({ new_state }: Answer): Value => decodeValue(new_state.msgpack);
const type_name = "keycloak_openid_client_scope";
const planned = conform(block, { name: "orders:read", realm_id: "r" });

async function apply(prior: State | null, next: State | null): Promise<Answer> {
  const none = Buffer.alloc(0);
  return (await provider.apply({
    type_name,
    prior_state: dynamic(prior),
    planned_state: dynamic(next),
    config: dynamic(next),
    planned_private: none,
  })) as Answer;
}

const read = async (state: State): Promise<Answer> =>
  (await provider.read({
    type_name,
    current_state: dynamic(state),
    private: Buffer.alloc(0),
  })) as Answer;

const list = "/admin/realms/r/client-scopes";

describe("applying", () => {
  test("creates, reads back and answers the whole state", async () => {
    replies[`POST ${list}`] = [[201, {}, `http://kc${list}/42`]];
    replies[`GET ${list}/42`] = [
      [200, { id: "42", name: "orders:read", attributes: { "include.in.token.scope": "true" } }],
    ];
    const answer = await apply(null, planned);
    expect(answer.diagnostics).toEqual([]);
    expect(stateIn(answer)).toMatchObject({ id: "42", include_in_token_scope: true });
  });

  test("keeps what was created when a later call fails", async () => {
    replies[`POST ${list}`] = [[201, {}, `http://kc${list}/42`]];
    replies[`GET ${list}/42`] = [[500, { errorMessage: "out of order" }]];
    const answer = await apply(null, planned);
    expect(answer.diagnostics?.[0]?.summary).toBe(
      `Keycloak refused GET ${list}/42: 500 Internal Server Error: out of order`,
    );
    expect(stateIn(answer)).toMatchObject({ id: "42", name: "orders:read" });
  });

  test("has no state when nothing was created", async () => {
    replies[`POST ${list}`] = [[409, { errorMessage: "exists" }]];
    const answer = await apply(null, planned);
    expect(answer.diagnostics).toHaveLength(1);
    expect(stateIn(answer)).toBeNull();
  });

  test("keeps the state when deleting fails", async () => {
    replies[`DELETE ${list}/42`] = [[500]];
    const answer = await apply({ ...planned, id: "42" }, null);
    expect(answer.diagnostics).toHaveLength(1);
    expect(stateIn(answer)).toMatchObject({ id: "42" });
  });

  test("writes zero where an update takes something away", async () => {
    replies[`PUT ${list}/42`] = [[204]];
    const prior = { ...planned, id: "42", consent_screen_text: "please" };
    const answer = await apply(prior, { ...prior, consent_screen_text: null });
    expect(stateIn(answer)).toMatchObject({ consent_screen_text: "" });
  });
});

describe("reading", () => {
  test("removes from the state what Keycloak no longer has", async () => {
    replies[`GET ${list}/42`] = [[404, { error: "Could not find client scope" }]];
    expect(stateIn(await read({ ...planned, id: "42" }))).toBeNull();
  });

  test("logs in again, once, when the token is no longer good", async () => {
    replies[`GET ${list}/42`] = [[401], [200, { name: "again" }]];
    expect(stateIn(await read({ ...planned, id: "42" }))).toMatchObject({ name: "again" });
    expect(seen.filter((key) => key.endsWith("/token"))).toHaveLength(2);
    replies[`GET ${list}/42`] = [[403], [403, { error: "HTTP 403 Forbidden" }]];
    await expect(read({ ...planned, id: "42" })).rejects.toThrow(/403 Forbidden/u);
    expect(seen.filter((key) => key.endsWith("/token"))).toHaveLength(3);
  });
});
