import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { execa } from "execa";
import { adminClient, type Login, loginVariables } from "../../keycloak/admin.ts";
import { findKeycloak } from "../../local/keycloak/distribution.ts";
import { freePort } from "../../local/port.ts";
import { endProcessGroup } from "../../local/processes.ts";
import { startKeycloak } from "../../local/keycloak/server.ts";
import { Clone } from "./support/clone.ts";
import { filesBelow } from "./support/files.ts";
import { Gateway, type Passing } from "./support/gateway.ts";
import { Postgres } from "./support/postgres.ts";

const realm = "recovery";
const administrator = { username: "admin", password: "admin" };

const entry = (id: string, enabled = true) => `  ${id}:
    name: ${id}
    contact: api@${id}.example
    enabled: ${enabled}
    access:
      atlas-api: [orders:read]
`;

let folder = "";
let home = "";
let variables: NodeJS.ProcessEnv = {};
let port = 0;
let keycloak = 0;
let gateway: Gateway;
let postgres: Postgres;
let clone: Clone;
let admin: KcAdminClient;

const project = async () => {
  const made = await Clone.create("embedded", variables);
  await made.useRealm(realm);
  await writeFile(
    join(made.folder, "environments/recovery.yaml"),
    `keycloak: {url: ${gateway.url}}
frontend: {redirectUris: ["http://localhost:5173/"]}
state: {type: pg, schemaName: recovery}
`,
  );
  return made;
};

const boot = async () => {
  const options = { home, folder, port, basePath: "", administrator };
  keycloak = (await startKeycloak(options)).pid;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recovery-"));
  await mkdir(join(folder, "data"));
  home = await findKeycloak("", process.env);
  port = await freePort();
  await boot();
  gateway = await Gateway.open(`http://localhost:${port}`);
  postgres = await Postgres.start();
  const login: Login = {
    baseUrl: `http://localhost:${port}`,
    realm: "master",
    clientId: "admin-cli",
    ...administrator,
  };
  admin = await adminClient(login);
  variables = {
    ...loginVariables(login),
    KEYCLOAK_URL: gateway.url,
    PG_CONN_STR: postgres.connection,
    REALM_ENV: "recovery",
  };
  clone = await project();
});

afterEach(() => {
  gateway.rules = {};
});

afterAll(async () => {
  await clone.remove();
  await gateway.close();
  await postgres.remove();
  await endProcessGroup(keycloak);
  await rm(folder, { recursive: true, force: true });
});

const add = (id: string) => clone.edit("customers.yaml", (text) => text + entry(id));
const deploy = (...args: string[]) => clone.npm("deploy", ["--auto-approve", ...args]);

const secrets = async () => {
  const clients = await admin.clients.find({ realm });
  return Object.fromEntries(
    clients.flatMap(({ clientId = "", secret }) => (secret ? [[clientId, secret]] : [])),
  );
};

/** Kills the terraform of the clone that applies. */
const killTerraform = async () => {
  const { stdout } = await execa("ps", ["-eww", "-o", "pid=,args="]);
  const applies = stdout
    .split("\n")
    .filter((line) => line.includes("terraform apply") && line.includes(clone.folder));
  for (const line of applies) process.kill(Number.parseInt(line, 10), "SIGKILL");
  return applies.length;
};

const once = (
  when: (passing: Passing) => boolean,
  act: () => Promise<unknown>,
): ((passing: Passing) => Promise<undefined>) => {
  let isDone = false;
  return async (passing) => {
    if (isDone || !when(passing)) return undefined;
    isDone = true;
    await act();
    return undefined;
  };
};

const isWrite =
  (method: string, path: RegExp) =>
  (passing: Passing): boolean =>
    passing.method === method && path.test(passing.path);

const moments: [string, "before" | "after", string, RegExp, () => Promise<unknown>][] = [
  ["before a client is created", "before", "POST", /\/clients$/, () => add("one")],
  ["after it is created", "after", "POST", /\/clients$/, () => add("two")],
  ["before its scopes are set", "before", "PUT", /default-client-scopes/, () => add("three")],
  ["after its scopes are set", "after", "PUT", /default-client-scopes/, () => add("four")],
  [
    "after a client is changed",
    "after",
    "PUT",
    /\/clients\/[^/]+$/,
    () => clone.edit("customers.yaml", (text) => text.replace("name: one\n", "name: First\n")),
  ],
  [
    "after a client is deleted",
    "after",
    "DELETE",
    /\/clients\/[^/]+$/,
    () => clone.edit("customers.yaml", (text) => text.replace(entry("two"), "")),
  ],
];

/** The next deploy completes: nothing is doubled or lost, no secret of a customer that had one is another. */
const completes = async (before: Readonly<Record<string, string>>) => {
  gateway.rules = {};
  const { exitCode, output } = await deploy("--allow-removal", "two");
  expect(output).toContain("Keycloak is as declared");
  expect(exitCode).toBe(0);
  const after = await secrets();
  for (const id of Object.keys(before).filter((id) => id in after))
    expect({ id, secret: after[id] }).toEqual({ id, secret: before[id] });
  const again = await deploy();
  expect(again.output).toContain("Keycloak is as declared: nothing to change");
};

describe("an apply that is killed", () => {
  test("terraform, after the realm is created: everything else is made, and it is not made twice", async () => {
    gateway.rules = { after: once(isWrite("POST", /\/admin\/realms$/), killTerraform) };
    const killed = await deploy();
    expect(killed.output).toContain("terraform was ended by SIGKILL");
    expect(killed.exitCode).toBe(1);
    await completes({});
    expect(Object.keys(await secrets())).toEqual(
      expect.arrayContaining(["acme", "globex", "initech"]),
    );
  });

  test.each(moments)("terraform, %s", async (_, when, method, path, change) => {
    const before = await secrets();
    await change();
    gateway.rules = { [when]: once(isWrite(method, path), killTerraform) };
    const killed = await deploy("--allow-removal", "two");
    expect(killed.output).toContain("terraform was ended by SIGKILL");
    expect(killed.output).toContain("npm run deploy completes it");
    expect(killed.exitCode).toBe(1);
    await completes(before);
  });

  test("Keycloak, in the middle: what is applied is said, and the next deploy does the rest", async () => {
    const before = await secrets();
    await add("five");
    const kill = once(isWrite("POST", /\/clients$/), async () => {
      process.kill(-keycloak, "SIGKILL");
      await endProcessGroup(keycloak);
      await boot();
    });
    gateway.rules = { before: kill };
    const { exitCode, output } = await deploy();
    expect(output).toMatch(/Keycloak is as declared|the deploy is not complete/);
    expect([0, 3]).toContain(exitCode);
    await completes(before);
    expect(await secrets()).toHaveProperty("five");
  });

  test.each(["before", "after"] as const)(
    "PostgreSQL, %s a client is created: its state is kept in a file and stored by the next deploy",
    async (when) => {
      const before = await secrets();
      await add(`pg-${when}`);
      gateway.rules = { [when]: once(isWrite("POST", /\/clients$/), () => postgres.kill()) };
      const killed = await deploy();
      expect(killed.output).toContain("errored.tfstate: keep that file");
      expect(killed.exitCode).not.toBe(0);
      await postgres.again();
      await completes(before);
    },
  );
});

describe("a Keycloak that is away for a moment", () => {
  test.each([503, 401])(
    "it answers %i for a while: what is safe is tried again",
    async (status) => {
      const before = await secrets();
      await add(`after-${status}`);
      const until = { time: 0 };
      gateway.rules = {
        before: ({ method, path }) => {
          if (method === "POST" && path.endsWith("/clients") && until.time === 0)
            until.time = Date.now() + 4_000;
          return Date.now() < until.time ? status : undefined;
        },
      };
      const { exitCode, output } = await deploy();
      expect(output).toContain("Keycloak does not answer as it should");
      expect(exitCode).toBe(0);
      await completes(before);
    },
  );

  test("it refuses one thing for good: what is applied and what is not is said", async () => {
    await add("refused");
    gateway.rules = {
      before: ({ method, path }) =>
        method === "PUT" && path.includes("default-client-scopes") ? 400 : undefined,
    };
    const { exitCode, output } = await deploy();
    expect(output).toMatch(/applied:\n {2}create keycloak_openid_client\.customers_refused/);
    expect(output).toMatch(
      /not applied:\n {2}create keycloak_openid_client_default_scopes\.customers_refused/,
    );
    expect(exitCode).toBe(1);
    gateway.rules = {};
    expect((await deploy()).exitCode).toBe(0);
  });
});

test("two pipelines deploy at once: the second waits for the first, and finds nothing left to do", async () => {
  await add("both");
  const second = await project();
  try {
    await second.edit("customers.yaml", () =>
      readFileSync(join(clone.folder, "customers.yaml"), "utf8"),
    );
    let waiting: ReturnType<typeof deploy> | undefined;
    gateway.rules = {
      before: once(isWrite("POST", /\/clients$/), async () => {
        waiting = second.npm("deploy", ["--auto-approve"]);
        await sleep(8_000);
      }),
    };
    const first = await deploy();
    expect(first.output).toMatch(/create keycloak_openid_client\.customers_both/);
    expect(first.exitCode).toBe(0);
    expect(await waiting).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("Keycloak is as declared: nothing to change"),
    });
    expect(await admin.clients.find({ realm, clientId: "both" })).toHaveLength(1);
  } finally {
    await second.remove();
  }
});

test("no secret of Keycloak, and nothing of the state's login, is left in a file or an output", async () => {
  const all = [...Object.values(await secrets()), postgres.password];
  expect(all.length).toBeGreaterThan(10);
  const texts = [...(await filesBelow(clone.folder)), ...clone.outputs];
  for (const secret of all) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
});
