import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import type { Browser } from "playwright-core";
import { freePort } from "../../system/ports.ts";
import { startChromium } from "./support/chromium.ts";
import { Clone, type Run } from "./support/clone.ts";
import { filesBelow } from "./support/files.ts";
import { Visit } from "./support/visit.ts";

const hooli = `  hooli:
    name: Hooli
    contact: api@hooli.example
    access:
      atlas-api: [orders:read, orders:write]
`;

/** What the demo says when all of it answers. */
const complete = /Ctrl-C ends all of it\./;

let clone: Clone;
let browser: Browser;
let frontendPort = 0;

beforeAll(async () => {
  browser = await startChromium();
  // npm start of another test takes the first port that is free, perhaps at the same moment
  const KEYCLOAK_PORT = String(await freePort());
  clone = await Clone.create("embedded", { KEYCLOAK_URL: "", KEYCLOAK_PORT });
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
const addressOf = (output: string, part: string) =>
  linesOf(output, new RegExp(`^${part}: (.*)$`, "gm"))[0] ?? "";
const paste = (command: string, variables: NodeJS.ProcessEnv = {}) =>
  execa("bash", ["-c", command], { cwd: clone.folder, env: variables, all: true, reject: false });

/** Processes that know the clone's folders. */
const processes = async () => {
  const { stdout } = await execa("ps", ["-eww", "-o", "args="]);
  const root = clone.folder.replace(/\/clone$/, "");
  return stdout.split("\n").filter((line) => line.includes(root));
};

describe("npm run demo, on the Keycloak of npm start", () => {
  let demo: Run;
  const addresses = () => ({
    keycloak: addressOf(demo.printed(), "keycloak"),
    backend: addressOf(demo.printed(), "backend"),
    frontend: addressOf(demo.printed(), "frontend"),
  });
  const passwordFile = () => linesOf(demo.printed(), /password +the one in (.*)$/gm)[0] ?? "";

  beforeAll(async () => {
    await clone.npm("start");
    demo = await clone.spawn("demo", complete);
  });

  test("says in one line each where Keycloak, the backend and the frontend answer", async () => {
    const { keycloak, backend, frontend } = addresses();
    expect(frontend).toBe(`http://localhost:${frontendPort}/`);
    expect((await fetch(`${keycloak}/realms/atlas`)).status).toBe(200);
    expect((await fetch(`${backend}/healthz`)).status).toBe(200);
    expect((await fetch(frontend)).status).toBe(200);
  });

  test("the sample calls work as pasted", async () => {
    const calls = linesOf(demo.printed(), /^ {2}(\(\. .*\))$/gm);
    expect(calls).toHaveLength(3);
    for (const call of calls) {
      const { exitCode, all } = await paste(call);
      expect({ call, exitCode, all }).toMatchObject({ exitCode: 0 });
    }
    expect((await paste(calls[0] ?? "")).stdout).toContain("pencil");
    expect((await paste(calls[2] ?? "")).stdout).not.toContain("pencil");
  });

  test("its user signs in at the frontend, and sees what they ordered", async () => {
    const password = (await readFile(passwordFile(), "utf8")).trim();
    const visit = await Visit.begin(browser);
    await visit.signIn(addresses().frontend, { username: "demo", password });
    await visit.heading("No orders yet").waitFor();
    await visit.placeOrder("stapler", 2);
    expect(await visit.order("stapler").count()).toBe(1);
    await visit.end();
  });

  test("each part's lines have its name before them", async () => {
    await demo.prints(/^third-party \| .*order/m);
    expect(demo.printed()).toMatch(/^backend {5}\| .*"caller": "customer:globex"/m);
    expect(demo.printed()).toMatch(/^frontend {4}\| /m);
  });

  test("a second demo says who has the frontend's port", async () => {
    const { exitCode, output } = await clone.npm("demo");
    expect(output).toMatch(
      new RegExp(
        `port ${frontendPort} is taken by .*; end it, or name another redirect URI in environments/local.yaml`,
      ),
    );
    expect(exitCode).toBe(3);
  });

  test("README's story: a customer is added, deployed, gets credentials, and its app works; suspended, it does not", async () => {
    await clone.edit("customers.yaml", (text) => text + hooli);
    expect((await clone.npm("check")).exitCode).toBe(0);
    expect((await clone.npm("start")).output).toContain("2 to add, 0 to change, 0 to destroy");

    const { output: credentials } = await clone.npmOnTerminal("credentials", ["hooli"]);
    const handed = (name: string) =>
      new RegExp(`^${name} +(\\S+)`, "m").exec(credentials)?.[1] ?? "";
    const app = {
      TOKEN_URL: handed("Token URL"),
      CLIENT_ID: handed("Client id"),
      CLIENT_SECRET: handed("Client secret"),
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
    // a token that is out already is good until it expires: this is an app that has none
    const later = { ...app, XDG_RUNTIME_DIR: join(clone.stateFolder, "app-later") };
    const refused = await paste("examples/third-party/curl/orders.sh list", later);
    expect(refused.all).toMatch(/invalid_client|suspended/);
    expect(refused.exitCode).toBe(1);
  });

  test("shows no secret, and leaves none in the project's folder", async () => {
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

  test("a part that dies is named with its last lines, and ends the rest, but for a Keycloak that ran before", async () => {
    const { keycloak, frontend } = addresses();
    const [backend = ""] = (await execa("ps", ["-eww", "-o", "pid=,args="])).stdout
      .split("\n")
      .filter((line) => line.includes("gunicorn") && line.includes(clone.folder));
    process.kill(Number.parseInt(backend, 10), "SIGTERM");
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

test("Ctrl-C ends everything that npm run demo has started, Keycloak too", async () => {
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
    "the demo makes a user, so it works with a Keycloak of its own alone",
  ],
  [{}, ["--nope"], 2, "Unknown option '--nope'"],
])("bad input: %j %j", async (variables, args, status, words) => {
  const { exitCode, output } = await clone.npm("demo", args, variables);
  expect(output).toContain(words);
  expect(output).not.toMatch(/\n\s+at /);
  expect(exitCode).toBe(status);
});
