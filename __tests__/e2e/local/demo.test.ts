import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import type { Browser } from "playwright-core";
import { findKeycloak } from "../../../local/keycloak/distribution.ts";
import { processGroups } from "../../../system/process-groups.ts";
import { freePort } from "../../../system/ports.ts";
import { startChromium } from "../examples/support/chromium.ts";
import { nodes, pathWithNode } from "../support/node.ts";
import { Clone, type Run } from "../support/clone.ts";
import { filesBelow } from "../support/files.ts";
import { unusableProxy } from "../support/proxy.ts";
import { Visit } from "../examples/support/visit.ts";

const hooli = `  hooli:
    name: Hooli
    contact: api@hooli.example
    access:
      atlas-api: [orders:read, orders:write]
`;

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
  await clone.edit("environments/local.yaml", (text) =>
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

/** The groups of the processes that work in the clone's folders. */
const processes = () => {
  const root = clone.folder.replace(/\/clone$/, "");
  return processGroups((commandLine) => commandLine.includes(root));
};

describe("npm run demo, on the Keycloak of npm start, on the oldest Node, behind a proxy, in a folder with an odd name", () => {
  let demo: Run;
  const addresses = () => ({
    keycloak: addressOf(demo.printed(), "keycloak"),
    backend: addressOf(demo.printed(), "backend"),
    frontend: addressOf(demo.printed(), "frontend"),
  });
  const passwordFile = () => linesOf(demo.printed(), /password +see the file (.*)$/gm)[0] ?? "";

  beforeAll(async () => {
    await clone.npm("start");
    demo = await clone.spawn("demo", complete);
  });

  test("prints the addresses at which Keycloak, the backend and the frontend answer", async () => {
    const { keycloak, backend, frontend } = addresses();
    expect(frontend).toBe(`http://localhost:${frontendPort}/`);
    expect((await fetch(`${keycloak}/realms/atlas`)).status).toBe(200);
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

  test("creates a user who signs in at the frontend and orders", async () => {
    const password = (await readFile(passwordFile(), "utf8")).trim();
    const visit = await Visit.begin(browser);
    await visit.signIn(addresses().frontend, { username: "demo", password });
    await visit.heading("No orders yet").waitFor();
    await visit.placeOrder("stapler", 2);
    expect(await visit.order("stapler").count()).toBe(1);
    await visit.end();
  });

  test("prints the name of each process before its lines", async () => {
    await demo.prints(/^third-party \| .*order/m);
    expect(demo.printed()).toMatch(/^backend {5}\| .*"caller": "customer:globex"/m);
    expect(demo.printed()).toMatch(/^frontend {4}\| /m);
  });

  test("names the program that uses the frontend's port if it is started twice", async () => {
    const { exitCode, output } = await clone.npm("demo");
    expect(output).toMatch(
      new RegExp(
        `port ${frontendPort} is used by .*; stop it, or set another redirect URI in environments/local.yaml, because Keycloak sends users back to the frontend there`,
      ),
    );
    expect(exitCode).toBe(3);
  });

  test("serves the app of a new customer, and no longer after its suspension", async () => {
    await clone.edit("customers.yaml", (text) => text + hooli);
    expect((await clone.npm("check")).exitCode).toBe(0);
    expect((await clone.npm("start")).output).toContain(
      "terraform apply: 2 to add, 0 to change, 0 to destroy",
    );

    const { output: credentials } = await clone.npmOnTerminal("credentials", ["hooli"]);
    const credential = (name: string) =>
      new RegExp(`^${name} +(\\S+)`, "m").exec(credentials)?.[1] ?? "";
    const app = {
      TOKEN_URL: credential("Token URL"),
      CLIENT_ID: credential("Client id"),
      CLIENT_SECRET: credential("Client secret"),
      API_URL: addresses().backend,
      XDG_RUNTIME_DIR: join(clone.stateFolder, "app"),
    };
    const place = await paste("examples/third-party/curl/orders.sh place paper 3", app);
    expect({ all: place.all, exitCode: place.exitCode }).toMatchObject({ exitCode: 0 });
    expect((await paste("examples/third-party/curl/orders.sh list", app)).all).toContain("paper");

    await clone.edit("customers.yaml", (text) =>
      text.replace(hooli, `${hooli}    enabled: false\n`),
    );
    expect((await clone.npm("start")).output).toMatch(/hooli .*suspended: gets no token/);
    // a token stays valid until it expires, so this app starts without one
    const later = { ...app, XDG_RUNTIME_DIR: join(clone.stateFolder, "app-later") };
    const refused = await paste("examples/third-party/curl/orders.sh list", later);
    expect(refused.all).toMatch(/invalid_client|suspended/);
    expect(refused.exitCode).toBe(1);
  });

  test("prints no secret, and writes none into the project's folder", async () => {
    const env = linesOf(demo.printed(), /\(\. '([^']+)'/gm);
    const files = await Promise.all(
      [...new Set(env), passwordFile()].map((file) => readFile(file, "utf8")),
    );
    const secrets = files.map((text) => /CLIENT_SECRET='(.*)'/.exec(text)?.[1] ?? text.trim());
    expect(secrets).toHaveLength(3);
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

test("Ctrl-C ends everything that npm run demo started, including Keycloak", async () => {
  await clone.npm("stop");
  const demo = await clone.spawn("demo", complete);
  expect(await processes()).not.toEqual([]);
  demo.interrupt();
  expect(await demo.ended()).toMatchObject({
    exitCode: 130,
    output: expect.stringMatching(/interrupted\n?$/),
  });
  expect(await processes()).toEqual([]);
});

test.each([
  [
    { REALM_ENV: "production" },
    [],
    2,
    "the demo creates a user, so it uses only the local Keycloak",
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
