import { once } from "node:events";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { adminClient } from "../../../../operations/keycloak/login/admin.ts";
import { Clone } from "../../support/projects/clone.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { administrator, variablesFor } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "bad-input";

let clone: Clone;
let admin: KcAdminClient;

beforeAll(async () => {
  admin = await adminClient(administrator(root));
  clone = await Clone.create("embedded", variablesFor(root));
  await clone.useRealm(realm);
  await clone.commitEverything();
});
afterAll(() => clone.remove());

const refusal = (exitCode: number, message: string | RegExp) => ({
  exitCode,
  output:
    typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
});

test.each([["review"], ["plan"], ["deploy", "--auto-approve"]])(
  "npm run %s refuses a base that Git does not know",
  async (script, ...args) => {
    const message = 'Git knows no commit "nope"; name a branch';
    expect(await clone.npm(script, [...args, "--base", "nope"])).toMatchObject(refusal(2, message));
  },
);

test("npm run plan refuses a base that a shallow clone does not contain", async () => {
  const shallow = join(clone.folder, ".git/shallow");
  await writeFile(shallow, `${await clone.git("rev-parse", "HEAD")}\n`);
  const message = 'this clone is shallow and does not reach from HEAD to "HEAD~1"; run git fetch';
  expect(await clone.npm("plan", ["--base", "HEAD~1"])).toMatchObject(refusal(3, message));
  await rm(shallow);
});

test("npm run deploy refuses a base in a folder that is not a Git repository", async () => {
  const [repository, aside] = [".git", "../aside"].map((name) => join(clone.folder, name));
  await rename(String(repository), String(aside));
  expect(await clone.npm("deploy", ["--auto-approve", "--base", "main"])).toMatchObject(
    refusal(2, "this is not a work tree of a Git repository"),
  );
  await rename(String(aside), String(repository));
});

const withKeycloak: [string, string[]][] = [
  ["plan", []],
  ["deploy", ["--auto-approve"]],
  ["drift", []],
  ["review", ["--base", "HEAD", "--plan"]],
];

test.each(withKeycloak)(
  "npm run %s %j reports a Keycloak that does not answer",
  async (script, args) => {
    const unreachable = { KEYCLOAK_URL: "http://localhost:9" };
    const message =
      "Keycloak at http://localhost:9 does not answer; start it, or check KEYCLOAK_URL";
    expect(await clone.npm(script, args, unreachable)).toMatchObject(refusal(3, message));
  },
);

test("a login that Keycloak refuses is reported without its secret", async () => {
  const outcome = await clone.npm("plan", [], {
    KEYCLOAK_USER: "",
    KEYCLOAK_CLIENT_ID: "deployer",
    KEYCLOAK_CLIENT_SECRET: "wrong-one",
  });
  const message =
    'refuses the client "deployer" of the realm "master" (HTTP 401); check the KEYCLOAK_*';
  expect(outcome).toMatchObject(refusal(3, message));
  expect(outcome.output).not.toContain("wrong-one");
});

const notRun = Clone.whyNotReadOnly();
if (notRun !== undefined) console.warn(`NOT RUN: the commands in a read-only folder: ${notRun}`);

(notRun === undefined ? describe : describe.skip)("in a read-only folder", () => {
  test.each([
    ["plan", []],
    ["deploy", ["--auto-approve"]],
    ["drift", []],
  ] as const)("npm run %s names the folder that it cannot write", async (script, args) => {
    const message = /cdktf\.out\S*: permission denied \(EACCES\)/;
    expect(await clone.npmReadOnly(script, args)).toMatchObject(refusal(3, message));
  });

  test("npm run review works, because it writes nothing", async () => {
    const { exitCode, output } = await clone.npmReadOnly("review", ["--base", "HEAD"]);
    expect(output).toMatch(/^Nothing to review/);
    expect(exitCode).toBe(0);
  });
});

test.each([
  ["deploy", [], 2, "no plan is saved and there is nobody to ask; run npm run plan first, or add"],
  ["drift", ["main"], 2, 'unexpected argument "main" (npm run --silent drift -- --help'],
  [
    "unlock",
    [],
    2,
    "missing required argument 'lock-id' (npm run unlock -- --help shows the usage)",
  ],
] as const)("refuses the wrong usage npm run %s %j", async (script, args, status, message) => {
  expect(await clone.npm(script, args)).toMatchObject(refusal(status, message));
});

test("no refused command prints a stack trace or changes Keycloak", async () => {
  expect(clone.outputs.filter((output) => /\n\s+at /.test(output))).toEqual([]);
  expect(await admin.realms.findOne({ realm })).toBeNull();
});

test("npm run plan ends what it has begun early if customers.yaml is not valid", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const [configuration, temporary] = ["../terraform.rc", "../temporary"].map((name) =>
    join(clone.folder, name),
  ) as [string, string];
  const { port } = silent.address() as AddressInfo;
  await writeFile(
    configuration,
    `provider_installation {\n  network_mirror {\n    url = "https://127.0.0.1:${port}/"\n  }\n}\n`,
  );
  await mkdir(temporary);
  await clone.edit("customers.yaml", () => "customers: { acme: {} }\n");
  const variables = { ATLAS_PROVIDER: "official", TF_CLI_CONFIG_FILE: configuration };
  expect(await clone.npm("plan", [], { ...variables, TMPDIR: temporary })).toMatchObject(
    refusal(1, "customers.yaml is not valid"),
  );
  expect(await readdir(temporary)).toEqual([]);
  await clone.git("checkout", "--quiet", "--", "customers.yaml");
  silent.close();
});
