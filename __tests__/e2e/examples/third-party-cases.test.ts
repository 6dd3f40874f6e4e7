import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { thirdPartyFolder } from "../../../local/demo/third-party.ts";
import { freePort } from "../../../system/ports.ts";
import { type Answer, OddServers } from "./support/odd-servers.ts";
import { type Client, clients, preparePython, run } from "./support/third-party-clients.ts";

const minute = 60_000;
const token = json({ access_token: "eyJ.a-b_c.d", token_type: "Bearer", expires_in: 300 });
const page = json({ orders: [], next: null });
const order = json({ id: "1", item: "pencil", quantity: 1 }, 201);
const look = /; list your orders before you place this one again$/;

beforeAll(preparePython, 5 * minute);

interface Case {
  readonly args?: string[];
  readonly token?: Answer[];
  readonly api?: Answer[];
  readonly variables?: Record<string, string>;
}

/** Runs all three clients at once, each with servers of its own. */
async function runAll({ args = ["list"], token: tokens = [token], api, variables }: Case) {
  const places = args[0] === "place";
  return Promise.all(
    clients.map(async (client) => {
      const servers = await OddServers.open(tokens, api ?? [places ? order : page]);
      const settings = {
        ...{ TOKEN_URL: `${servers.url}/token`, API_URL: servers.url, RETRY_SECONDS: "0" },
        ...{ CLIENT_ID: "globex", CLIENT_SECRET: "secret", ...variables },
      };
      const ran = await run(client, args, settings);
      await servers.close();
      return { client, ...ran, servers };
    }),
  );
}

/** The same expectation for each client. */
function forAll<T>(value: T): Record<Client, T> {
  return Object.fromEntries(clients.map((client) => [client, value])) as Record<Client, T>;
}

function by<R extends { readonly client: Client }, T>(runs: readonly R[], view: (one: R) => T) {
  return Object.fromEntries(runs.map((one) => [one.client, view(one)]));
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return {
    status,
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  };
}

function busy(retryAfter?: string, status = 503): Answer {
  return { status, ...(retryAfter !== undefined && { headers: { "Retry-After": retryAfter } }) };
}

test.each([
  { client: "curl", command: "./test.sh", args: [] },
  { client: "node", command: process.execPath, args: ["--test"] },
])("the folder of the $client client passes its own tests", async ({ client, command, args }) => {
  const options = { cwd: join(thirdPartyFolder, client), all: true, reject: false } as const;
  const { failed, all } = await execa(command, args, options);
  expect(failed ? all : "").toBe("");
});

test("the Node client's lock file fits its package.json", async () => {
  const read = async (file: string) =>
    JSON.parse(await readFile(join(thirdPartyFolder, "node", file), "utf8")) as Package & {
      packages: Record<string, Package>;
    };
  const { dependencies, devDependencies } = await read("package.json");
  const { packages } = await read("package-lock.json");
  expect(packages[""]).toMatchObject({ dependencies, devDependencies });
});

interface Package {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

describe("the three clients", () => {
  test.each([
    "YWJjZA==",
    "a_URL=b",
    "a+b%c:d &=é%2B",
    "ü€😀",
    "  spaces  ",
    `"double" 'single' \\back\\n $HOME \`id\` #`,
    "-u",
    "@file",
    "*",
    "a\u0085b",
  ])("send the secret %j as it is", async (secret) => {
    const runs = await runAll({ variables: { CLIENT_ID: secret, CLIENT_SECRET: secret } });
    expect(
      by(
        runs,
        ({
          exitCode,
          servers: {
            tokenRequests: [request],
          },
        }) => ({ exitCode, id: request?.id, secret: request?.secret }),
      ),
    ).toEqual(forAll({ exitCode: 0, id: secret, secret }));
  });

  test.each(["", "a\nb", "a\r", "\u007f"])("refuse the secret %j", async (secret) => {
    const runs = await runAll({ variables: { CLIENT_SECRET: secret } });
    expect(by(runs, ({ exitCode }) => exitCode)).toEqual(forAll(2));
    for (const { stderr } of runs)
      expect(stderr).toMatch(/^orders: CLIENT_SECRET (is not set|contains a line break)/);
  });

  test.each([
    "ftp://localhost",
    "http://example.com",
    "http://localhost.example.com",
    "http://localhost@example.com/",
    "http://localhost:80@example.com/",
    "https://user:password@example.com",
    "https://",
    "https://a b",
    "localhost:8080",
    "-o/tmp/x",
    "https://[::::]",
    "https://localhost:99999",
  ])("refuse the address %j", async (address) => {
    const runs = await runAll({ variables: { TOKEN_URL: address } });
    expect(by(runs, ({ exitCode }) => exitCode)).toEqual(forAll(2));
    for (const { stderr } of runs)
      expect(stderr).toMatch(/^orders: TOKEN_URL.* that begins? with https:/);
  });

  test.each([
    "box: large",
    "a:1",
    "size:07",
    `"quoted" 'single'`,
    "back\\slash\\",
    "\\n \\u0041",
    "ü€😀",
    "$HOME `id` %s %d &",
    "-x",
    "@/etc/hostname",
    "  spaces  ",
    "*",
  ])("place the item %j as it is", async (item) => {
    const runs = await runAll({ args: ["place", item, "2"] });
    expect(
      by(
        runs,
        ({
          exitCode,
          servers: {
            calls: [call],
          },
        }) => ({ exitCode, order: JSON.parse(call?.body ?? "{}") as unknown }),
      ),
    ).toEqual(forAll({ exitCode: 0, order: { item, quantity: 2 } }));
  });

  test.each([
    [[]],
    [["place"]],
    [["place", "", "1"]],
    [["place", "a\nb", "1"]],
    [["place", "pencil", ""]],
    [["place", "pencil", "-1"]],
    [["place", "pencil", "01"]],
    [["place", "pencil", "1.5"]],
    [["place", "pencil", "1", "more"]],
    [["unknown"]],
  ])("print their usage for the arguments %j", async (args) => {
    const runs = await runAll({ args });
    expect(by(runs, ({ exitCode, stdout }) => ({ exitCode, stdout }))).toEqual(
      forAll({ exitCode: 2, stdout: "" }),
    );
    for (const { stderr } of runs) expect(stderr).toMatch(/^orders: usage: orders\.\w+ list/);
  });

  test.each([
    // a pause of 1 to 2 seconds fits into three seconds, and another one of 2 to 4 does not
    { retryAfter: "0", attempts: 2, asked: ", and asks to wait 0 s" },
    { retryAfter: "-5", attempts: 2 },
    { retryAfter: "soon", attempts: 2 },
    { retryAfter: "1e3", attempts: 2 },
    { retryAfter: "9".repeat(400), attempts: 2 },
    { retryAfter: "7200", attempts: 1, asked: ", and asks to wait 7200 s" },
    {
      retryAfter: "Fri, 31 Dec 2100 23:59:59 GMT",
      attempts: 1,
      asked: ", and asks to wait \\d+ s",
    },
    { retryAfter: "Thu, 01 Jan 1970 00:00:00 GMT", attempts: 2, asked: ", and asks to wait 0 s" },
  ])("give up after Retry-After: $retryAfter, without a storm", async (row) => {
    const { retryAfter, attempts, asked = "" } = row;
    const runs = await runAll({ variables: { RETRY_SECONDS: "3" }, token: [busy(retryAfter)] });
    expect(by(runs, ({ exitCode }) => exitCode)).toEqual(forAll(3));
    for (const { client, stderr, servers } of runs) {
      const { length } = servers.tokenRequests;
      // curl's own retries are more frequent, because their pauses are not random
      expect(client === "curl" ? Math.min(length, 4) : attempts).toBe(length);
      const end = client === "curl" ? "" : `${asked}; gave up at attempt ${attempts}`;
      expect(stderr).toMatch(
        new RegExp(`^orders: Keycloak answers with HTTP 503${end}; try again later$`),
      );
    }
  });

  test.each<{ what: string; first: Answer }>([
    ...[408, 429, 500, 502, 503, 504].map((status) => ({
      what: `HTTP ${status}`,
      first: { status },
    })),
    { what: "a pause of 1 second", first: busy("1") },
    { what: "a lost answer", first: { how: "is lost" } },
  ])("repeat the order with the same key after $what", async ({ first }) => {
    const variables = { RETRY_SECONDS: "10" };
    const runs = await runAll({ args: ["place", "pencil", "1"], variables, api: [first, order] });
    expect(by(runs, ({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      forAll({ exitCode: 0, stderr: "" }),
    );
    for (const {
      servers: { calls },
    } of runs) {
      const [call] = calls;
      expect(call?.key).toMatch(/^[0-9a-f-]{32,36}$/);
      expect(calls).toEqual([call, call]);
    }
    expect(new Set(runs.map(({ servers }) => servers.calls[0]?.key)).size).toBe(clients.length);
  });

  test.each<{ what: string; answer: Answer }>([
    ...[429, 500, 501, 502, 503, 599].map((status) => ({
      what: `HTTP ${status}`,
      answer: { status },
    })),
    { what: "a lost answer", answer: { how: "is lost" } },
  ])("advise to look before an order is placed again after $what", async ({ answer }) => {
    const runs = await runAll({ args: ["place", "pencil", "1"], api: [answer] });
    expect(by(runs, ({ exitCode, stdout }) => ({ exitCode, stdout }))).toEqual(
      forAll({ exitCode: 3, stdout: "" }),
    );
    for (const { stderr } of runs) expect(stderr).toMatch(look);
  });

  test("end if a server is slow, even if it sends a byte a second", async () => {
    const ways = ["never comes", "drips its headers", "drips its body"] as const;
    const runs = await Promise.all(
      ways.flatMap((how) => [runAll({ token: [{ how }] }), runAll({ api: [{ how }] })]),
    );
    for (const { exitCode, stderr } of runs.flat()) {
      expect(stderr).toMatch(
        /^orders: (Keycloak|the API) cannot be reached \(.*; try again later$/,
      );
      expect(exitCode).toBe(3);
    }
  });

  test.each<{ what: string; answer: Answer }>([
    { what: "without expires_in", answer: json({ access_token: "abc", token_type: "Bearer" }) },
    { what: "without token_type", answer: json({ access_token: "abc", expires_in: 300 }) },
    {
      what: "with another case of token_type",
      answer: json({ access_token: "abc", token_type: "bEARER" }),
    },
    { what: "with odd lifetimes", answer: json({ access_token: "abc", expires_in: "soon" }) },
    {
      what: "in several lines",
      answer: { body: '{\n  "access_token" : "abc",\n  "expires_in" : 300\n}\n' },
    },
  ])("use a token $what", async ({ answer }) => {
    const runs = await runAll({ token: [answer] });
    expect(
      by(runs, ({ exitCode, servers }) => ({ exitCode, bearer: servers.calls[0]?.bearer })),
    ).toEqual(forAll({ exitCode: 0, bearer: "abc" }));
  });

  test.each<{ what: string; answer: Answer }>([
    { what: "a page", answer: { body: "<!doctype html><p>Sign in" } },
    { what: "nothing", answer: { status: 204 } },
    { what: "a list", answer: json([]) },
    { what: "no token", answer: json({}) },
    { what: "a token that is no text", answer: json({ access_token: 1 }) },
    { what: "a token with a line break", answer: json({ access_token: "a\r\nX-Odd: b" }) },
    { what: "a token with a quote", answer: json({ access_token: 'a"b' }) },
    { what: "brackets without an end", answer: { body: "[".repeat(200_000) } },
    { what: "a redirect", answer: { status: 302, headers: { Location: "/orders" } } },
  ])("refuse $what instead of a token", async ({ answer }) => {
    const runs = await runAll({ token: [answer] });
    expect(by(runs, ({ exitCode, servers: { calls } }) => ({ exitCode, calls }))).toEqual(
      forAll({ exitCode: 1, calls: [] }),
    );
    for (const { stderr } of runs)
      expect(stderr).toMatch(
        /^orders: (Keycloak issues|the server at TOKEN_URL issues) no token.*; check TOKEN_URL$/,
      );
  });

  test.each([
    { error: "invalid_client", message: /^orders: Keycloak refuses CLIENT_ID "globex" / },
    {
      error: "unauthorized_client",
      message: /^orders: Keycloak refuses CLIENT_SECRET for "globex" /,
    },
    {
      error: "invalid_scope",
      message: /^orders: Keycloak issues no token \(HTTP 401, invalid_scope\); check TOKEN_URL$/,
    },
    {
      error: "odd\u001b[31m",
      message: /^orders: Keycloak issues no token \(HTTP 401\); check TOKEN_URL$/,
    },
  ])("report the error $error, also with a challenge", async ({ error, message }) => {
    const challenge = { "WWW-Authenticate": 'Basic realm="x"' };
    const runs = await runAll({ token: [json({ error }, 401, challenge)] });
    expect(by(runs, ({ exitCode }) => exitCode)).toEqual(forAll(1));
    for (const { stderr } of runs) expect(stderr).toMatch(message);
  });

  test.each<{ what: string; answer: Answer; status: number }>([
    { what: "a redirect", answer: { status: 307, headers: { Location: "/token" } }, status: 307 },
    { what: "no such path", answer: { status: 404, body: "<p>not here" }, status: 404 },
    { what: "a problem", answer: json({ detail: "too many", errors: [] }, 422), status: 422 },
  ])("report $what of the API", async ({ answer, status }) => {
    const runs = await runAll({ args: ["place", "pencil", "1"], api: [answer] });
    expect(
      by(runs, ({ exitCode, servers: { calls, tokenRequests } }) => ({
        exitCode,
        requests: [tokenRequests.length, calls.length],
      })),
    ).toEqual(forAll({ exitCode: 1, requests: [1, 1] }));
    for (const { stderr } of runs)
      expect(stderr).toMatch(new RegExp(`^orders: the API answers with HTTP ${status}`));
  });

  test.each([["list"], ["place", "pencil", "1"]])(
    "report that a page of another server answers: %s",
    async (...args) => {
      const runs = await runAll({ args, api: [{ body: "<!doctype html><p>{Sign in}" }] });
      expect(by(runs, ({ exitCode, stdout }) => ({ exitCode, stdout }))).toEqual(
        forAll({ exitCode: 1, stdout: "" }),
      );
      for (const { stderr } of runs)
        expect(stderr).toBe("orders: the server at API_URL is not the API; check API_URL");
    },
  );

  test.each([
    { what: "an answer", status: 200, exitCode: 0 },
    { what: "a problem", status: 422, exitCode: 1 },
  ])("print no control characters of $what", async ({ status, exitCode }) => {
    const odd = "a\u009b31m\u202eb\u200bc\u001b[2J\u0007";
    // as a careless server writes it
    const body = `{"orders": [], "next": null, "detail": "${odd}"}`;
    const escaped = JSON.stringify({ orders: [], detail: odd });
    for (const text of [body, escaped]) {
      const runs = await runAll({ api: [{ status, body: text }] });
      for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toMatch(/[^\P{C}\n]/u);
    }
    const runs = await runAll({ api: [{ status, body: escaped }] });
    expect(by(runs, (one) => one.exitCode)).toEqual(forAll(exitCode));
  });

  test("name what is wrong with their settings, without its value", async () => {
    const variables = {
      TOKEN_URL: "http://login.example.com/a-secret-in-the-wrong-place",
      CLIENT_ID: "a\nb",
      CLIENT_SECRET: "",
      API_URL: "localhost:5000",
      RETRY_SECONDS: "soon",
    };
    const runs = await runAll({ variables });
    expect(by(runs, ({ exitCode, stdout }) => ({ exitCode, stdout }))).toEqual(
      forAll({ exitCode: 2, stdout: "" }),
    );
    const all =
      "orders: TOKEN_URL has to be a URL that begins with https:// (or http://localhost); CLIENT_ID contains a line break or another control character; CLIENT_SECRET is not set; API_URL has to be a URL that begins with https:// (or http://localhost); RETRY_SECONDS has to be a number of seconds, from 0 to 99999";
    expect(by(runs, ({ stderr }) => stderr)).toEqual({
      ...{ python: all, node: all },
      curl: "orders: CLIENT_ID contains a line break or another control character",
    });
  });

  test.each(["TOKEN_URL", "API_URL"])("report that nobody answers at %s", async (name) => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const runs = await runAll({ variables: { [name]: nobody, RETRY_SECONDS: "3" } });
    expect(by(runs, ({ exitCode }) => exitCode)).toEqual(forAll(3));
    for (const { stderr } of runs)
      expect(stderr).toMatch(
        /^orders: (Keycloak|the API) cannot be reached \(.*; try again later$/,
      );
  });

  test("report that the API refuses a new token, and ask for at most one more", async () => {
    const runs = await runAll({ api: [{ status: 401 }] });
    for (const { stderr } of runs)
      expect(stderr).toBe(
        "orders: the API refuses a new token; check that TOKEN_URL and API_URL belong together",
      );
    expect(
      by(runs, ({ exitCode, servers: { calls, tokenRequests } }) => ({
        exitCode,
        requests: [tokenRequests.length, calls.length],
      })),
    ).toEqual({
      ...forAll({ exitCode: 1, requests: [2, 2] }),
      curl: { exitCode: 1, requests: [1, 1] },
    });
  });

  describe("behind a proxy", () => {
    test("reach this machine without it", async () => {
      const proxy = await OddServers.open([], []);
      const names = [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
      ];
      const runs = await runAll({
        variables: Object.fromEntries(names.map((name) => [name, proxy.url])),
      });
      await proxy.close();
      expect(by(runs, ({ exitCode }) => exitCode)).toEqual(forAll(0));
      expect(proxy.proxied).toEqual([]);
    });

    test.each([
      { no: "", asked: Array.from(clients, () => "login.invalid:443") },
      { no: "login.invalid", asked: [] },
      { no: "*", asked: [] },
    ])("use it for https, except for NO_PROXY=$no", async ({ no, asked }) => {
      const proxy = await OddServers.open([], []);
      const variables = {
        HTTPS_PROXY: proxy.url,
        NO_PROXY: no,
        TOKEN_URL: "https://login.invalid/token",
      };
      const runs = await runAll({ variables });
      await proxy.close();
      expect(by(runs, ({ exitCode }) => exitCode)).toEqual(forAll(3));
      for (const { stderr } of runs)
        expect(stderr).toMatch(/^orders: Keycloak cannot be reached \(.*; try again later$/);
      expect(proxy.proxied).toEqual(asked);
    });

    test("use no proxy for https if only HTTP_PROXY is set", async () => {
      const proxy = await OddServers.open([], []);
      const variables = { HTTP_PROXY: proxy.url, TOKEN_URL: "https://login.invalid/token" };
      const runs = await runAll({ variables });
      await proxy.close();
      expect(by(runs, ({ exitCode }) => exitCode)).toEqual(forAll(3));
      expect(proxy.proxied).toEqual([]);
    });

    describe.each([
      "proxy.corp:abc",
      "foo://user:pass@proxy.invalid",
      "http://user:pa/ss@proxy.invalid:1",
      "http://user:pass@127.0.0.1:99999",
    ])("whose address is %s", (HTTPS_PROXY) => {
      const https = "https://login.invalid/token";

      test.each([
        { what: "report one line", variables: { TOKEN_URL: https }, exitCode: 3 },
        { what: "reach this machine", variables: {}, exitCode: 0 },
      ])("$what without its password", async ({ variables, exitCode }) => {
        const runs = await runAll({ variables: { HTTPS_PROXY, ...variables } });
        expect(by(runs, (one) => one.exitCode)).toEqual(forAll(exitCode));
        for (const { stderr } of runs) {
          expect(stderr).toMatch(/^(orders: Keycloak cannot be reached \(.*; try again later)?$/);
          expect(stderr).not.toMatch(/pa\/?s|abc/);
        }
      });
    });

    test("reach this machine if ALL_PROXY is for SOCKS", async () => {
      const runs = await runAll({ variables: { ALL_PROXY: "socks5://user:pass@127.0.0.1:1" } });
      expect(by(runs, ({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
        forAll({ exitCode: 0, stderr: "" }),
      );
    });
  });
});
