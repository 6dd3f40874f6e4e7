import { beforeAll, describe, expect, test } from "@jest/globals";
import { type Answer, OddServers } from "./support/odd-servers.ts";
import { type Client, clients, preparePython, run } from "./support/third-party-clients.ts";

const minute = 60_000;
const token = json({ access_token: "eyJ.a-b_c.d", token_type: "Bearer", expires_in: 300 });
const page = json({ orders: [], next: null });
const order = json({ id: "1", item: "pencil", quantity: 1 }, 201);
const again = /; try again later$/;
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
    const runs = await runAll({ args: ["place", "--", item, "2"].filter((arg) => arg !== "--") });
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
});
