import { mkdtemp, readFile, rename, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { armor, Decrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";
import { execa } from "execa";
import { adminClient } from "../../../operations/keycloak/login/admin.ts";
import { freePort } from "../../../system/ports.ts";
import { Clone } from "../support/projects/clone.ts";
import { nodes, pathWithNode } from "../support/node.ts";
import { onProviders } from "../support/end-to-end.ts";
import { filesBelow, filesNamed } from "../support/files.ts";
import { programName } from "../support/programs.ts";
import { unusableProxy } from "../support/servers/proxy.ts";

const hooli = `  hooli:
    name: Hooli
    contact: api@hooli.example
    access:
      atlas-api: [orders:write]
`;

const bound = `  bound:
    name: Bound Ltd
    contact: api@bound.example
    access:
      atlas-api: [orders:read]
    tokenBinding: dpop
`;

test("README and package.json name the oldest and the newest Node that the tests run", async () => {
  const { engines } = JSON.parse(await readFile("package.json", "utf8")) as {
    engines: { node: string };
  };
  expect(engines.node).toMatch(new RegExp(`^\\^${nodes.oldest} `));
  const line = /^- Node .*$/m.exec(await readFile("README.md", "utf8"))?.[0] ?? "";
  const named = line.match(/\d+(\.\d+)*/g) ?? [];
  expect(nodes.oldest).toMatch(new RegExp(`^${named.at(0)}\\.`));
  expect(nodes.newest).toMatch(new RegExp(`^${named.at(-1)}\\.`));
});

const circumstances = "under /auth, on the newest Node, behind a proxy, in an odd folder";

describe.each(onProviders())(`npm start on the %s provider, ${circumstances},`, (provider) => {
  let clone: Clone;

  beforeAll(async () => {
    const variables = {
      ...{ KEYCLOAK_BASE_PATH: "/auth", KEYCLOAK_URL: "", ...unusableProxy },
      PATH: await pathWithNode(nodes.newest),
      // a socket in it would have a path that is too long
      TMPDIR: await mkdtemp(join(tmpdir(), "t".repeat(80))),
    };
    clone = await Clone.create(provider, variables, `o'd "folder"; $`);
  });
  afterAll(() => clone.remove());

  const logins = async () => {
    const [file = ""] = await filesNamed(clone.stateFolder, "logins.json");
    const { administrator, deployerSecret } = JSON.parse(await readFile(file, "utf8")) as {
      administrator: { username: string; password: string };
      deployerSecret: string;
    };
    const [run = ""] = await filesNamed(clone.stateFolder, "keycloak.json");
    const { url } = JSON.parse(await readFile(run, "utf8")) as { url: string };
    const secrets = [administrator.password, deployerSecret];
    return { file, administrator, baseUrl: `${url}/auth`, secrets };
  };

  test("starts Keycloak, deploys, and verifies every customer", async () => {
    const { exitCode, output } = await clone.npm("start");
    expect(output).toMatch(/Keycloak runs: http:\/\/localhost:\d+\/auth/);
    expect(output).toContain(`${programName} uses the ${provider} provider`);
    expect(output).toMatch(/starting Keycloak on port \d+ …/);
    expect(output).toContain(`${programName} apply: 17 to add, 0 to change, 0 to destroy …`);
    expect(output.match(/^ {2}create keycloak_\S+$/gm)).toHaveLength(17);
    expect(output).toMatch(/acme +Acme Corp +atlas-api +orders:read +token verified/);
    expect(output).toMatch(
      /globex +Globex GmbH +atlas-api +orders:read orders:write +token verified/,
    );
    expect(output).toMatch(/initech +Initech +atlas-api +- +suspended: gets no token/);
    expect(exitCode).toBe(0);
  });

  test("writes its logins into a file that only its owner can read, outside of the repository", async () => {
    const { file } = await logins();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(file.startsWith(clone.folder)).toBe(false);
  });

  test("changes nothing at the second start", async () => {
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain("Keycloak still runs");
    expect(output).toContain("Keycloak is as declared: nothing to change");
    expect(exitCode).toBe(0);
  });

  test("names the clocks if this machine's is ahead of Keycloak's, so that tokens seem to be expired", async () => {
    const preload = pathToFileURL(resolve("__tests__/e2e/support/clock-ahead.mjs")).href;
    const { exitCode, output } = await clone.npm("start", [], {
      NODE_OPTIONS: `--import=${preload}`,
    });
    expect(output).toContain("Keycloak is as declared: nothing to change");
    expect(output).toMatch(
      /acme .* this machine's clock is (599|60\d) s ahead of Keycloak's: set both clocks/,
    );
    expect(exitCode).toBe(1);
  });

  test("repairs drift that npm run drift reports", async () => {
    const { administrator, baseUrl } = await logins();
    const login = { baseUrl, realm: "master", clientId: "admin-cli", ...administrator };
    const admin = await adminClient(login);
    const [acme] = await admin.clients.find({ realm: "atlas", clientId: "acme" });
    const place = { realm: "atlas", id: acme?.id ?? "" };
    await admin.clients.update(place, { ...acme, directAccessGrantsEnabled: true });

    const found = await clone.npm("drift", ["--json"]);
    expect(JSON.parse(found.stdout)).toMatchObject({
      plan: {
        counts: { change: 1 },
        drift: [
          {
            subject: { kind: "customer", name: "acme" },
            action: "update",
            changes: [{ attribute: "direct_access_grants_enabled", from: true, to: false }],
          },
        ],
      },
    });
    expect(found.exitCode).toBe(1);
    expect((await clone.npm("start")).output).toContain("0 to add, 1 to change, 0 to destroy");
    const none = await clone.npm("drift");
    expect(none.output).toContain("Keycloak is as declared.");
    expect(none.exitCode).toBe(0);
  });

  test("does not import clients in use after the loss of the state, and leaves no import block", async () => {
    const [state = ""] = await filesNamed(clone.stateFolder, "terraform.tfstate");
    await rename(state, `${state}.aside`);
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain(
      'not in the state, and may be in use: "API atlas-api", "frontend atlas-frontend", "acme", "globex", "initech"; restore',
    );
    expect(output).toContain("--allow-new-secret acme --allow-new-secret globex");
    expect(exitCode).toBe(1);
    expect(await filesNamed(clone.folder, "imports.tf.json")).toEqual([]);
    await rename(`${state}.aside`, state);
  });

  test("refuses to show credentials of a customer that is not deployed", async () => {
    await clone.edit("customers.yaml", (text) => text + hooli);
    const { exitCode, output } = await clone.npmOnTerminal("credentials", ["hooli"]);
    expect(output).toContain('the customer "hooli" is not deployed yet; deploy first');
    expect(exitCode).toBe(1);
    await clone.edit("customers.yaml", (text) => text.replace(hooli, ""));
  });

  test("applies only the difference after an edit of customers.yaml", async () => {
    await clone.edit("customers.yaml", (text) => text + bound + hooli);
    const { output } = await clone.npm("start");
    expect(output).toContain(`${programName} apply: 4 to add, 0 to change, 0 to destroy …`);
    expect(output).toMatch(
      /bound .*client verified, without a token: that needs more than a secret/,
    );
    expect(output).toMatch(/hooli +Hooli +atlas-api +orders:write +token verified/);
  });

  test("shows credentials on a terminal, with a command that works as pasted", async () => {
    const { exitCode, output } = await clone.npmOnTerminal("credentials", ["hooli"]);
    expect(exitCode).toBe(0);
    expect(output).toMatch(
      /Token URL +http:\/\/localhost:\d+\/auth\/realms\/atlas\/protocol\/openid-connect\/token/,
    );
    expect(output).toMatch(/Audience +atlas-api/);
    expect(output).toMatch(/Permissions +orders:write/);
    const [, CLIENT_SECRET = ""] = /Client secret +([0-9a-f]{64})$/m.exec(output) ?? [];
    const commands = [...output.matchAll(/^```sh\n(.*?)\n```$/gms)].map(([, each = ""]) => each);
    expect(commands.join("\n")).not.toContain(CLIENT_SECRET);
    const [input, noProxy, curl] = commands;
    expect(input).toBe("read -rs CLIENT_SECRET && export CLIENT_SECRET");
    const { stdout } = await execa("bash", ["-c", `${noProxy}\n${curl}`], {
      env: { ...unusableProxy, CLIENT_SECRET },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      access_token: expect.any(String),
      expires_in: expect.closeTo(300, -1),
    });
  });

  test("encrypts credentials to the customer's key, also without a terminal", async () => {
    const identity = await generateHybridIdentity();
    const handover = `    handover: ${await identityToRecipient(identity)}\n`;
    await clone.edit("customers.yaml", (text) => text + handover);
    const sheetOf = async (file: string) => {
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      return decrypter.decrypt(armor.decode(file), "text");
    };
    const inJob = { CI: "true" };

    const printed = await clone.npm("credentials", ["hooli"], inJob);
    expect(printed.exitCode).toBe(0);
    expect(await sheetOf(printed.stdout)).toMatch(/Client secret +[0-9a-f]{64}$/m);

    const options = ["hooli", "--out", "hooli.age"];
    const written = await clone.npm("credentials", options, inJob);
    expect(written).toMatchObject({ exitCode: 0, output: "" });
    const file = join(clone.folder, "hooli.age");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await sheetOf(await readFile(file, "utf8"))).toBe(await sheetOf(printed.stdout));
    const again = await clone.npm("credentials", options, inJob);
    expect(again.output).toBe('"hooli.age" exists already; delete it, or choose another file');
    expect(again.exitCode).toBe(1);

    await clone.edit("customers.yaml", (text) => text.replace(handover, ""));
    const refused = await clone.npm("credentials", options, inJob);
    expect(refused.output).toContain("--out writes only an encrypted sheet");
    expect(refused.exitCode).toBe(2);
  });

  test.each([
    [
      "a customer that does not exist",
      ["globx"],
      1,
      'has no customer "globx"; did you mean "globex"?',
    ],
    ["a suspended customer", ["initech"], 1, 'the customer "initech" is suspended'],
    ["no customer", [], 2, "missing required argument 'customer' (npm run credentials -- --help"],
  ])("refuses to show credentials of %s", async (_, args, status, message) => {
    const { exitCode, output } = await clone.npmOnTerminal("credentials", args);
    expect(output).toContain(message);
    expect(exitCode).toBe(status);
  });

  test("refuses to show credentials of the local Keycloak for a remote one without a login", async () => {
    const variables = { KEYCLOAK_URL: "https://login.example.com" };
    const { exitCode, output } = await clone.npmOnTerminal(
      "credentials",
      ["acme"],
      ["", ""],
      variables,
    );
    expect(output).toContain("there is no login for Keycloak at https://login.example.com/auth");
    expect(exitCode).toBe(3);
  });

  test("shows credentials only on a terminal", async () => {
    const { exitCode, output } = await clone.npm("credentials", ["acme"]);
    expect(output).toContain("credentials are shown only on a terminal");
    expect(exitCode).toBe(2);
  });

  test("refuses a change to the realm itself without --as-administrator", async () => {
    await clone.edit("main.ts", (text) =>
      text.replace('displayName: "Atlas"', 'displayName: "Atlas 2"'),
    );
    const refused = await clone.npm("start");
    expect(refused.output).toContain(
      "the deployer may change clients, client scopes and roles of clients only, not these resources; nothing is applied:\n  keycloak_realm.realm\n",
    );
    expect(refused.exitCode).toBe(1);
    const applied = await clone.npm("start", ["--as-administrator"]);
    expect(applied.output).toContain(`${programName} apply: 0 to add, 1 to change, 0 to destroy …`);
    expect(applied.exitCode).toBe(0);
  });

  test("refuses a customers.yaml that is not valid, as npm run check does", async () => {
    const before = await readFile(join(clone.folder, "customers.yaml"), "utf8");
    await clone.edit("customers.yaml", (text) => text.replace("[orders:write]", "[orders:writ]"));
    for (const script of ["check", "start"]) {
      const { exitCode, output } = await clone.npm(script);
      expect(output).toMatch(
        /customers\.yaml:\d+:\d+ +customers\.hooli\.access\.atlas-api\[0\]: unknown permission "orders:writ"; did you mean "orders:write"\?/,
      );
      expect(output).not.toContain("    at ");
      expect(exitCode).toBe(1);
    }
    await writeFile(join(clone.folder, "customers.yaml"), before);
  });

  test("moves Keycloak to KEYCLOAK_PORT, and stops it at an interruption", async () => {
    const KEYCLOAK_PORT = String(await freePort());
    const run = await clone.spawn("start", /Keycloak runs/, { KEYCLOAK_PORT });
    expect(run.printed()).toContain(`Keycloak runs: http://localhost:${KEYCLOAK_PORT}/auth`);
    run.interrupt();
    const { output, exitCode } = await run.ended();
    expect(output).toMatch(/interrupted\n?$/);
    expect(exitCode).toBe(130);
    expect((await clone.npm("stop")).output).toContain("no Keycloak of this checkout is running");
  });

  test("starts a stopped Keycloak with its data", async () => {
    const drift = await clone.npm("drift");
    expect(drift.output).toContain("no Keycloak of this checkout is running; npm start starts it");
    expect(drift.exitCode).toBe(3);
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain("Keycloak runs");
    expect(output).toContain("nothing to change");
    expect(output).toMatch(/hooli .*token verified/);
    expect(exitCode).toBe(0);
  });

  test("leaves no secret in the repository or an output", async () => {
    const { secrets } = await logins();
    const acme = (await clone.npmOnTerminal("credentials", ["acme"])).output;
    const all = [...secrets, /Client secret +(\S+)/.exec(acme)?.[1]];
    const texts = [...clone.outputs, ...(await filesBelow(clone.folder))];
    for (const secret of all) {
      expect(secret).toMatch(/.{20}/);
      expect(texts.filter((text) => text.includes(String(secret)))).toEqual([]);
    }
  });

  test("leaves nothing after npm run reset", async () => {
    expect((await clone.npm("reset")).output).toContain("are deleted");
    expect(await filesNamed(clone.stateFolder, "logins.json")).toEqual([]);
    expect((await clone.npm("reset")).output).toContain("there is nothing to delete");
  });
});
