import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { execa } from "execa";

const project = process.cwd();
let folder: string;

const environment = `keycloak: {url: https://login.example.com}
frontend: {redirectUris: [https://app.example.com/]}
state: {type: local}
`;

const main = `import { App } from "cdktf";
import { loadCustomers } from "${project}/configuration/customers.ts";
import { loadEnvironment } from "${project}/configuration/environment.ts";
import { BackendClient } from "${project}/constructs/backend-client.ts";
import { RealmStack } from "${project}/constructs/realm-stack.ts";
import { endWithMessage } from "${project}/text/errors.ts";

process.on("uncaughtException", endWithMessage);
const { keycloak, state, customers } = loadEnvironment(process.env);
const app = new App();
const atlas = new RealmStack(app, "atlas", { realm: "atlas", keycloak, state });
new BackendClient(atlas, "atlas-api", { name: "API", permissions: [] });
loadCustomers(customers, atlas.declaration);
app.synth();
`;

const withAuthentication = main
  .replace("keycloak, state }", "keycloak, state, authentication }")
  .replace("state, customers }", "state, customers, authentication }");

const withShards = main
  .replace("keycloak, state }", "keycloak, state, shards }")
  .replace("state, customers }", "state, customers, shards }");

const customer = (name: string) =>
  `  acme:\n    name: ${name}\n    contact: a@b.example\n    access: {atlas-api: []}\n`;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** Runs `npm run check` in the folder, as a user does. */
async function check(
  option = "--format=text",
  env: NodeJS.ProcessEnv = {},
  ...more: readonly string[]
) {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(project, "system/run.mjs"), "cli/check.ts", option, ...more],
    { cwd: folder, reject: false, env },
  );
  return { exitCode, stdout, stderr };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-"));
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  write("main.ts", main);
  write("environments/local.yaml", environment);
  write("customers.yaml", `customers:\n${customer("Acme Corp")}`);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("reports files that are valid, and exits with status 0", async () => {
  expect(await check()).toEqual({
    exitCode: 0,
    stdout: [
      "customers.yaml is valid: 1 customer",
      "environments/local.yaml is valid: Keycloak at https://login.example.com, state in local",
    ].join("\n"),
    stderr: "",
  });
}, 30_000);

test("warns of a name with letters that look alike, with its place, and exits with status 0", async () => {
  write("customers.yaml", `customers:\n${customer("\u0410cme Corp")}`);
  const { exitCode, stdout, stderr } = await check();
  expect(stdout).toContain("customers.yaml is valid: 1 customer");
  expect(stderr).toBe(
    [
      "customers.yaml has 1 warning",
      `  customers.yaml:3:11  customers.acme.name: the word "\u0410cme" mixes Latin and Cyrillic letters, which look alike; make sure that it is not another customer's name`,
    ].join("\n"),
  );
  expect(exitCode).toBe(0);
}, 30_000);

test("warns of a last day of access on the day TODAY, in every format", async () => {
  write("customers.yaml", `customers:\n${customer("Acme Corp")}    expires: 2027-06-30\n`);
  const warning = "access ends at 2027-07-01T00:00:00Z, in less than 12 days";
  const { exitCode, stderr } = await check("--format=text", { TODAY: "2027-06-19" });
  expect(stderr).toContain(`customers.yaml:6:14  customers.acme.expires: ${warning}`);
  expect(exitCode).toBe(0);
  expect((await check("--format=github", { TODAY: "2027-06-19" })).stdout).toContain(
    `::warning file=customers.yaml,line=6,col=14::customers.acme.expires: ${warning}`,
  );
  expect(await check("--format=text", { TODAY: "2027-01-01" })).toMatchObject({
    exitCode: 0,
    stderr: "",
  });
}, 60_000);

test("lists whose access ends or has ended, but nobody whom an entry suspends", async () => {
  const entries = [
    customer("Acme Corp") + "    expires: 2027-06-30\n",
    customer("Globex").replace("acme", "globex") + "    expires: 2027-07-10\n",
    customer("Hooli").replace("acme", "hooli") + "    expires: 2027-06-30\n    enabled: false\n",
  ];
  write("customers.yaml", `customers:\n${entries.join("")}`);
  const { exitCode, stdout } = await check("--expiring", { TODAY: "2027-07-01" });
  const ended = "**ended**: the first deploy after that suspends the customer";
  expect(stdout.match(/^\| `.*$/gm)).toEqual([
    `| \`acme\` | 2027-06-30 | 2027-07-01T00:00:00Z | ${ended} |`,
    "| `globex` | 2027-07-10 | 2027-07-11T00:00:00Z | ends |",
  ]);
  expect(exitCode).toBe(0);
  expect((await check("--expiring", { TODAY: "2027-01-01" })).stdout).toBe("");
}, 60_000);

test("refuses --expiring with another format, which shares standard output", async () => {
  const { exitCode, stdout, stderr } = await check("--expiring", {}, "--format=gitlab");
  expect(stderr).toMatch(/^option '--expiring' cannot be used with option '--format <format>'/);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
}, 30_000);

test.each(["--format=text", "--expiring"])(
  "reports what is wrong in every environment once, with %s",
  async (option) => {
    write("environments/test.yaml", environment);
    expect(await check(option, { TODAY: "tomorrow" })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: 'TODAY: "tomorrow" is not a day; write one such as 2027-06-30',
    });
  },
  30_000,
);

test("checks a file of customers against every environment that names it", async () => {
  write("main.ts", withAuthentication);
  write("environments/local.yaml", `${environment}allowedJwksHosts: [keys.example.com]\n`);
  write("environments/test.yaml", environment);
  const auth = "{method: private_key_jwt, jwksUrl: 'https://keys.example.com/'}";
  write("customers.yaml", `customers:\n${customer("Acme Corp")}    auth: ${auth}\n`);
  const { exitCode, stderr } = await check();
  expect(stderr).toContain(
    'the host "keys.example.com" is not allowed; add it to allowedJwksHosts of environments/test.yaml',
  );
  expect(exitCode).toBe(1);
  write("environments/test.yaml", `${environment}allowedJwksHosts: [keys.example.com]\n`);
  expect(await check()).toMatchObject({ exitCode: 0, stderr: "" });
}, 60_000);

test("refuses settings of authentication that main.ts does not pass on, and names the line for it", async () => {
  const settings = "secretPrefix: a_\nallowedJwksHosts: [keys.example.com]\nrotationOverlap: 1h\n";
  write("environments/local.yaml", `${environment}${settings}`);
  write("environments/test.yaml", `${environment}allowedJwksHosts: []\n`);
  const { exitCode, stdout, stderr } = await check();
  const problem =
    'is not passed on; add "authentication: environment.authentication," to new RealmStack in main.ts';
  expect(stderr.split("\n")).toEqual([
    "environments/local.yaml is not valid: 3 problems",
    `  environments/local.yaml:4:1  secretPrefix: ${problem}`,
    `  environments/local.yaml:5:1  allowedJwksHosts: ${problem}`,
    `  environments/local.yaml:6:1  rotationOverlap: ${problem}`,
  ]);
  expect(stdout).toContain("environments/test.yaml is valid");
  expect(exitCode).toBe(1);
  write("main.ts", withAuthentication);
  expect(await check()).toMatchObject({ exitCode: 0, stderr: "" });
}, 60_000);

test("refuses shards that main.ts does not pass on, and names the line for it", async () => {
  write("environments/local.yaml", `${environment}shards: 4\n`);
  write("environments/test.yaml", `${environment}shards: 1\n`);
  const { exitCode, stderr } = await check();
  expect(stderr.split("\n")).toEqual([
    "environments/local.yaml is not valid: 1 problem",
    '  environments/local.yaml:4:1  shards: is not passed on; add "shards: environment.shards," to new RealmStack in main.ts',
  ]);
  expect(exitCode).toBe(1);
  write("main.ts", withShards.replace("state, shards }", "state, shards: { count: 8 } }"));
  expect((await check()).stderr).toContain("local.yaml:4:1  shards: is not passed on");
  write("main.ts", withShards);
  expect(await check()).toMatchObject({ exitCode: 0, stderr: "" });
}, 60_000);

test("suggests more shards for many customers, in every format, and exits with status 0", async () => {
  const entries = Array.from({ length: 201 }, (_, index) =>
    customer("Acme Corp").replace("acme", `acme-${index}`),
  );
  write("main.ts", withShards);
  write("customers.yaml", `customers:\n${entries.join("")}`);
  write("environments/test.yaml", `${environment}shards: 3\n`);
  const warning =
    "shards: 201 customers in 1 stack; 3 shards would make plans faster: npm run reshard -- --to 3";
  const { exitCode, stdout, stderr } = await check();
  expect(stderr).toBe(
    `environments/local.yaml has 1 warning\n  environments/local.yaml  ${warning}`,
  );
  expect(stdout).toContain("environments/local.yaml is valid");
  expect(exitCode).toBe(0);
  const annotations = (await check("--format=github")).stdout;
  expect(annotations).toBe(`::warning file=environments/local.yaml::${warning}`);
}, 60_000);

test("refuses a name that contains cdktf's token of a list, with its place", async () => {
  write("customers.yaml", `customers:\n${customer("'#{TfToken[TOKEN.0]}'")}`);
  const { exitCode, stderr } = await check();
  expect(stderr).toContain(
    '  customers.yaml:3:11  customers.acme.name: the name "#{TfToken[TOKEN.0]}" contains "#{TfToken[", which cdktf would evaluate; remove it',
  );
  expect(exitCode).toBe(1);
}, 30_000);

test("shows no command for a terminal or a CI log that the name of a file contains", async () => {
  const valid = "x\n::error::forged a\u001B[31m";
  const invalid = "x\n##[error]forged b\u001B[2J";
  write(`environments/${valid}.yaml`, environment);
  write(`environments/${invalid}.yaml`, "");
  write("environments/other.yaml", `${environment}customers: "::error::forged.yaml"\n`);
  const { exitCode, stdout, stderr } = await check();
  expect(stdout).toContain("environments/x\\u000a::error::forged a\\u001b[31m.yaml is valid");
  expect(stderr).toContain("environments/x\\u000a\\u0023#[error]forged b\\u001b[2J.yaml is not");
  expect(stderr).toContain("\\u003a:error::forged.yaml is not valid: 1 problem");
  for (const line of `${stdout}\n${stderr}`.split("\n")) expect(line).not.toMatch(/^\s*::|##\w*\[/);
  expect(`${stdout}${stderr}`).not.toContain("\u001B");
  expect(exitCode).toBe(1);
}, 30_000);

test("prints nothing but annotations with --format github, and the text on standard error", async () => {
  const hostile = "a\n::error::forged\r::add-mask::b %0A##[error]c";
  write("customers.yaml", `customers:\n${customer(JSON.stringify(hostile))}`);
  write("environments/other.yaml", `${environment}customers: other.yaml\n`);
  write("other.yaml", `customers:\n${customer("\u0410cme Corp")}`);
  const { exitCode, stdout, stderr } = await check("--format=github");
  expect(stdout.split(/\r|\n/)).toEqual([
    expect.stringMatching(/^::error file=customers\.yaml,line=3,col=11::customers\.acme\.name: /),
    expect.stringMatching(/^::warning file=other\.yaml,line=3,col=11::customers\.acme\.name: /),
  ]);
  expect(stderr).toContain("other.yaml is valid: 1 customer");
  expect(stderr).toContain("customers.yaml is not valid: 1 problem");
  expect(exitCode).toBe(1);
}, 30_000);

test("prints a Code Quality report with --format gitlab, and the text on standard error", async () => {
  write("customers.yaml", `customers:\n${customer("Acme Corp")}    extra: 1\n`);
  const { exitCode, stdout, stderr } = await check("--format=gitlab");
  expect(JSON.parse(stdout)).toMatchObject([
    {
      description: expect.stringContaining('customers.acme.extra: unknown field "extra"'),
      check_name: "invalid-file",
      location: { path: "customers.yaml", lines: { begin: 6 } },
    },
  ]);
  expect(stderr).toContain("customers.yaml is not valid: 1 problem");
  expect(exitCode).toBe(1);
}, 30_000);

test("reports also what has no place, in every format", async () => {
  rmSync(join(folder, "environments"), { recursive: true });
  const message = "there is no folder environments/ here; run this in the project's folder";
  expect(await check()).toEqual({ exitCode: 2, stdout: "", stderr: message });
  expect(await check("--format=github")).toEqual({
    ...{ exitCode: 2, stdout: `::error::${message}`, stderr: message },
  });
}, 30_000);
