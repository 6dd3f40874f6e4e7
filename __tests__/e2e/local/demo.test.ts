import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import type { Browser } from "playwright-core";
import { findKeycloak } from "../../../local/keycloak/distribution.ts";
import { administratorLogin, type Logins } from "../../../local/logins.ts";
import { adminClient } from "../../../operations/keycloak/login/admin.ts";
import { processGroups } from "../../../system/programs/process-groups.ts";
import { freePort } from "../../../system/ports.ts";
import { startChromium } from "../examples/support/chromium.ts";
import { nodes, pathWithNode } from "../support/node.ts";
import { Clone, type Run } from "../support/projects/clone.ts";
import { filesBelow, filesNamed } from "../support/files.ts";
import { replaceDeclaration } from "../../fixtures/project.ts";
import { unusableProxy } from "../support/servers/proxy.ts";
import { Visit } from "../examples/support/visit.ts";

const hooli = `  hooli:
    name: Hooli
    contact: api@hooli.example
    access:
      atlas-api: [orders:read, orders:write]
`;

const declaration = "examples/declaration";

/** The end of the message that the demo prints when all its processes answer. */
const complete = /Ctrl-C stops everything\./;

/** A folder's name with characters that shells, URLs and H2 interpret. */
const odd = 'o d"d; $ü(&';

let clone: Clone;
let browser: Browser;
let frontendPort = 0;

beforeAll(async () => {
  browser = await startChromium();
  // npm start of another test chooses the first free port, perhaps at the same moment
  const KEYCLOAK_PORT = String(await freePort());
  const PATH = await pathWithNode(nodes.oldest);
  const KEYCLOAK_HOME = join(await mkdtemp(join(tmpdir(), odd)), "keycloak");
  await execa("cp", ["-r", await findKeycloak("", process.env), KEYCLOAK_HOME]);
  const variables = { KEYCLOAK_URL: "", KEYCLOAK_PORT, KEYCLOAK_HOME, PATH, ...unusableProxy };
  clone = await Clone.create("embedded", variables, odd);
  frontendPort = await freePort();
  await clone.edit(`${declaration}/environments/local.yaml`, (text) =>
    text.replace("localhost:5173", `localhost:${frontendPort}`),
  );
});
afterAll(async () => {
  await browser.close();
  await clone.remove();
});

const linesOf = (output: string, pattern: RegExp) =>
  [...output.matchAll(pattern)].map((match) => match[1] ?? "");
const addressOf = (output: string, name: string) =>
  linesOf(output, new RegExp(`^${name}: (.*)$`, "gm"))[0] ?? "";
const paste = (command: string, variables: NodeJS.ProcessEnv = {}) =>
  execa("bash", ["-c", command], { cwd: clone.folder, env: variables, all: true, reject: false });

/** A login as the administrator of the clone's Keycloak. */
const administrator = async (baseUrl: string) => {
  const [file = ""] = await filesNamed(clone.stateFolder, "logins.json");
  const logins = JSON.parse(await readFile(file, "utf8")) as Logins;
  return adminClient(administratorLogin(baseUrl, logins));
};

/** Replaces the team's declaration by one that is not valid. */
const breakDeclaration = async () => {
  await writeFile(join(clone.folder, "main.ts"), "not a declaration\n");
  for (const name of ["customers.yaml", "environments"])
    await rm(join(clone.folder, name), { recursive: true });
};

/** The groups of the processes that work in the clone's folders. */
const processes = () => {
  const root = clone.folder.replace(/\/clone$/, "");
  return processGroups((commandLine) => commandLine.includes(root));
};

describe("npm run demo, on the Keycloak of npm start, next to an invalid declaration, on the oldest Node, behind a proxy, in a folder with an odd name", () => {
  let demo: Run;
  const addresses = () => ({
    keycloak: addressOf(demo.printed(), "keycloak"),
    backend: addressOf(demo.printed(), "backend"),
    frontend: addressOf(demo.printed(), "frontend"),
  });
  const passwordFile = (username: string) =>
    linesOf(demo.printed(), new RegExp(`^  ${username} .* see the file (.*)$`, "gm"))[0] ?? "";

  beforeAll(async () => {
    await clone.npm("start");
    await breakDeclaration();
  });
  beforeAll(async () => {
    const ofTheTeam = { REALM_ENV: "production", CUSTOMERS_FILE: "customers.yaml" };
    demo = await clone.spawn("demo", complete, ofTheTeam);
  });

  test("prints the addresses at which Keycloak, the backend and the frontend answer", async () => {
    const { keycloak, backend, frontend } = addresses();
    expect(frontend).toBe(`http://localhost:${frontendPort}/`);
    expect((await fetch(`${keycloak}/realms/atlas-demo`)).status).toBe(200);
    expect((await fetch(`${backend}/healthz`)).status).toBe(200);
    expect((await fetch(frontend)).status).toBe(200);
  });

  test("prints sample calls that work as pasted", async () => {
    const calls = linesOf(demo.printed(), /^ {2}(\(\. .*\))$/gm);
    expect(calls).toHaveLength(3);
    for (const call of calls) {
      const { exitCode, all } = await paste(call, unusableProxy);
      expect({ call, exitCode, all }).toMatchObject({ exitCode: 0 });
    }
    expect((await paste(calls[0] ?? "")).stdout).toContain("pencil");
    expect((await paste(calls[2] ?? "")).stdout).not.toContain("pencil");
  });

  test("creates a manager who orders at the frontend, and a clerk who may only see orders", async () => {
    const passwordOf = async (username: string) =>
      (await readFile(passwordFile(username), "utf8")).trim();
    const visit = await Visit.begin(browser);
    const manager = { username: "manager", password: await passwordOf("manager") };
    await visit.signIn(addresses().frontend, manager);
    await visit.heading("No orders yet").waitFor();
    await visit.placeOrder("stapler", 2);
    expect(await visit.order("stapler").count()).toBe(1);
    await visit.signOut();

    const clerk = { username: "clerk", password: await passwordOf("clerk") };
    await visit.signIn(addresses().frontend, clerk);
    await visit.heading("No orders yet").waitFor();
    await visit.page.getByText("Your account has no role that may create orders.").waitFor();
    await visit.end();
  });

  test("prints the name of each process before its lines", async () => {
    await demo.prints(/^third-party \| .*order/m);
    expect(demo.printed()).toMatch(/^backend {5}\| .*"caller": "customer:globex"/m);
    expect(demo.printed()).toMatch(/^frontend {4}\| /m);
  });

  test("leaves the team's realm as npm start has deployed it", async () => {
    replaceDeclaration(clone.folder);
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain("Keycloak still runs");
    expect(output).toContain("Keycloak is as declared: nothing to change");
    expect(exitCode).toBe(0);
  });

  test("keeps its realm from a team that declares one of the same name", async () => {
    await clone.useRealm("atlas-demo");
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain(
      'npm run demo has deployed the realm "atlas-demo" to the local Keycloak, and npm start needs one of its own; rename the realm in main.ts',
    );
    expect(exitCode).toBe(1);
    replaceDeclaration(clone.folder);
  });

  test("prints no secret, and writes none into the project's folder", async () => {
    const env = linesOf(demo.printed(), /\(\. '([^']+)'/gm);
    const files = await Promise.all(
      [...new Set(env), passwordFile("clerk"), passwordFile("manager")].map((file) =>
        readFile(file, "utf8"),
      ),
    );
    const secrets = files.map((text) => /CLIENT_SECRET='(.*)'/.exec(text)?.[1] ?? text.trim());
    expect(secrets).toHaveLength(4);
    const texts = [demo.printed(), ...(await filesBelow(clone.folder))];
    for (const secret of secrets) {
      expect(secret).toMatch(/^\S{16,}$/);
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    }
  });

  test("ends with the last lines of a process that died, but keeps a Keycloak that ran before", async () => {
    const { keycloak, frontend } = addresses();
    const backends = await processGroups(
      (line) => line.includes("gunicorn") && line.includes(clone.folder),
    );
    expect(backends).toHaveLength(1);
    for (const group of backends) process.kill(group, "SIGTERM");
    const { exitCode, output } = await demo.ended();
    expect(output).toContain(
      "the backend has ended (it ended with exit status 0), and the demo with it; its last lines:",
    );
    expect(output).toMatch(/Shutting down: Master\n*$/);
    expect(exitCode).toBe(1);
    await expect(fetch(frontend)).rejects.toThrow("fetch failed");
    expect((await fetch(`${keycloak}/realms/atlas`)).status).toBe(200);
  });
});

describe("npm run demo, after one was killed,", () => {
  const backends = () =>
    processGroups((line) => line.includes("gunicorn") && line.includes(clone.folder));
  let keycloak: number[];
  let left: number[];
  let reader: ChildProcess;
  let demo: Run;

  beforeAll(async () => {
    keycloak = await processes();
    const killed = await clone.spawn("demo", complete);
    killed.kill();
    await killed.ended();
    left = await backends();
    const [log = ""] = await filesNamed(clone.stateFolder, "keycloak.log");
    reader = spawn("tail", ["-f", log], { detached: true, stdio: "ignore" });
    demo = await clone.spawn("demo", complete);
  });

  test("ends the processes that were left, and then works", async () => {
    expect(left).toHaveLength(1);
    expect(demo.printed()).toContain("ending the processes that a killed demo left");
    expect(await backends()).toHaveLength(1);
    expect(await backends()).not.toEqual(left);
    expect((await fetch(addressOf(demo.printed(), "frontend"))).status).toBe(200);
  });

  test("spares another program that reads Keycloak's log", () => {
    expect(reader.exitCode).toBeNull();
    expect(reader.kill()).toBe(true);
  });

  test("refuses to run twice, and leaves the first one as it is", async () => {
    const { exitCode, output } = await clone.npm("demo");
    expect(output).toContain(
      "another npm run demo is running in this checkout; press Ctrl-C there",
    );
    expect(exitCode).toBe(3);
    const [call = ""] = linesOf(demo.printed(), /^ {2}(\(\. .*\))$/gm);
    expect(await paste(call)).toMatchObject({ exitCode: 0 });
  });

  test("disables its people at the end, and keeps only the Keycloak that ran before", async () => {
    const admin = await administrator(addressOf(demo.printed(), "keycloak"));
    const people = async () => {
      const users = await admin.users.find({ realm: "atlas-demo" });
      return users.map(({ username, enabled }) => ({ username, enabled }));
    };
    expect(await people()).toEqual([
      { username: "clerk", enabled: true },
      { username: "manager", enabled: true },
    ]);
    demo.interrupt();
    expect(await demo.ended()).toMatchObject({ exitCode: 130 });
    expect(await people()).toEqual([
      { username: "clerk", enabled: false },
      { username: "manager", enabled: false },
    ]);
    expect(await processes()).toEqual(keycloak);
  });
});

describe("npm run demo, without a Keycloak that runs,", () => {
  let demo: Run;

  beforeAll(async () => {
    await clone.npm("stop");
    await clone.edit(`${declaration}/customers.yaml`, (text) =>
      text
        .replace(/( {2}globex:)/, `${hooli}$1`)
        .replace(/(?= {2}initech:)/, "    enabled: false\n"),
    );
    const states = await filesNamed(clone.stateFolder, "terraform.tfstate");
    await rm(states.find((file) => file.endsWith("/demo/terraform.tfstate")) ?? "");
  });
  beforeAll(async () => {
    demo = await clone.spawn("demo", complete);
  });

  test("shows the app of a new customer, not that of a suspended one, and imports its realm if it has lost the state", async () => {
    const calls = linesOf(demo.printed(), /^ {2}(\(\. .*\))$/gm);
    expect(calls.map((call) => /(\w+)\.env'/.exec(call)?.[1])).toEqual(["hooli", "hooli", "acme"]);
    for (const call of calls) {
      const { exitCode, all } = await paste(call);
      expect({ call, exitCode, all }).toMatchObject({ exitCode: 0 });
    }
  });

  test("ends everything that it has started at Ctrl-C, including Keycloak", async () => {
    expect(await processes()).not.toEqual([]);
    demo.interrupt();
    expect(await demo.ended()).toMatchObject({
      exitCode: 130,
      output: expect.stringMatching(/interrupted\n?$/),
    });
    expect(await processes()).toEqual([]);
  });
});

test.each([
  [
    { KEYCLOAK_URL: "https://login.example.com" },
    [],
    2,
    "the demo creates people, so it uses only the local Keycloak",
  ],
  [{}, ["--nope"], 2, "unknown option '--nope' (npm run demo -- --help shows the usage)"],
])(
  "npm run demo refuses the variables %j with the arguments %j",
  async (variables, args, status, message) => {
    const { exitCode, output } = await clone.npm("demo", args, variables);
    expect(output).toContain(message);
    expect(output).not.toMatch(/\n\s+at /);
    expect(exitCode).toBe(status);
  },
);

test("npm run demo names the program that uses the frontend's port", async () => {
  const server = createServer().listen(frontendPort, "localhost");
  await once(server, "listening");
  const { exitCode, output } = await clone.npm("demo");
  server.close();
  expect(output).toMatch(
    new RegExp(
      `port ${frontendPort} is used by .*; stop it, or set another redirect URI in examples/declaration/environments/local.yaml, because Keycloak sends users back to the frontend there`,
    ),
  );
  expect(exitCode).toBe(3);
});

test("npm run demo names its own file if a customer in it is not valid", async () => {
  const file = `${declaration}/customers.yaml`;
  await clone.edit(file, (text) => text.replace("[orders:read]", "[orders:reed]"));
  const { exitCode, output } = await clone.npm("demo");
  expect(output).toMatch(/\/examples\/declaration\/customers\.yaml:\d+:\d+ .*"orders:reed"/);
  expect(exitCode).toBe(1);
});
