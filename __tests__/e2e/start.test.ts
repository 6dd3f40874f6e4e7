import { createServer } from "node:net";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { adminClient } from "../../operations/keycloak/admin.ts";
import { Clone } from "./support/clone.ts";
import { endToEnd, onProviders } from "./support/end-to-end.ts";
import { filesBelow, filesNamed } from "./support/files.ts";

const hooli = `  hooli:
    name: Hooli
    contact: api@hooli.example
    access:
      atlas-api: [orders:write]
`;

describe.each(onProviders())("npm start on the %s provider, under /auth", (provider) => {
  let clone: Clone;

  beforeAll(async () => {
    clone = await Clone.create(provider, { KEYCLOAK_BASE_PATH: "/auth", KEYCLOAK_URL: "" });
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

  test("the first start runs Keycloak, deploys and verifies every customer", async () => {
    const { exitCode, output } = await clone.npm("start");
    expect(output).toMatch(/Keycloak runs: http:\/\/localhost:\d+\/auth/);
    expect(output).toContain(`terraform works with the ${provider} provider`);
    expect(output).toContain("cdktf deploy: 17 to add, 0 to change, 0 to destroy");
    expect(output).toMatch(/acme +Acme Corp +atlas-api +orders:read +token verified/);
    expect(output).toMatch(
      /globex +Globex GmbH +atlas-api +orders:read orders:write +token verified/,
    );
    expect(output).toMatch(/initech +Initech +atlas-api +- +suspended: gets no token/);
    expect(exitCode).toBe(0);
  });

  test("its logins are in a file for its owner alone, outside of the repository", async () => {
    const { file } = await logins();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(file.startsWith(clone.folder)).toBe(false);
  });

  test("the second start changes nothing and says so", async () => {
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain("Keycloak still runs");
    expect(output).toContain("Keycloak is as declared: nothing to change");
    expect(exitCode).toBe(0);
  });

  test("drift is found, told in the review's words, and gone after the next start", async () => {
    const none = await clone.npm("drift");
    expect(none.output).toContain("Keycloak is as declared.");
    expect(none.exitCode).toBe(0);

    const { administrator, baseUrl } = await logins();
    const login = { baseUrl, realm: "master", clientId: "admin-cli", ...administrator };
    const admin = await adminClient(login);
    const [acme] = await admin.clients.find({ realm: "atlas", clientId: "acme" });
    const place = { realm: "atlas", id: acme?.id ?? "" };
    await admin.clients.update(place, { ...acme, directAccessGrantsEnabled: true });

    const found = await clone.npm("drift");
    expect(found.output).toContain("Keycloak differs from what is declared in 1 resource.");
    expect(found.output).toMatch(
      /customer `acme` .* update \| `direct_access_grants_enabled` \| `true` \| `false`/,
    );
    expect(found.exitCode).toBe(1);
    const json = await clone.npm("drift", ["--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ plan: { counts: { change: 1 } } });
    expect((await clone.npm("start")).output).toContain("0 to add, 1 to change, 0 to destroy");
    expect((await clone.npm("drift")).exitCode).toBe(0);
  });

  test("a state that is lost: clients in use are not taken over, and no import stays for a plain cdktf deploy", async () => {
    const [state = ""] = await filesNamed(clone.stateFolder, "terraform.tfstate");
    await rename(state, `${state}.aside`);
    const { exitCode, output } = await clone.npm("start");
    expect(output).toContain('which Keycloak has and somebody may use: "acme", "globex"; restore');
    expect(output).toContain("--allow-replacement acme --allow-replacement globex");
    expect(exitCode).toBe(1);
    expect(await filesNamed(clone.folder, "adopted.tf.json")).toEqual([]);
    await rename(`${state}.aside`, state);
  });

  test("a customer that is not deployed yet has no credentials", async () => {
    await clone.edit("customers.yaml", (text) => text + hooli);
    const { exitCode, output } = await clone.npmOnTerminal("credentials", ["hooli"]);
    expect(output).toContain('the customer "hooli" is not deployed yet; run npm start');
    expect(exitCode).toBe(1);
  });

  test("after an edit of customers.yaml, just the difference is applied", async () => {
    const { output } = await clone.npm("start");
    expect(output).toContain("cdktf deploy: 2 to add, 0 to change, 0 to destroy");
    expect(output).toMatch(/hooli +Hooli +atlas-api +orders:write +token verified/);
  });

  test("the credentials are handed over on a terminal, with a command that works as pasted", async () => {
    const { exitCode, output } = await clone.npmOnTerminal("credentials", ["hooli"]);
    expect(exitCode).toBe(0);
    expect(output).toMatch(
      /Token URL +http:\/\/localhost:\d+\/auth\/realms\/atlas\/protocol\/openid-connect\/token/,
    );
    expect(output).toMatch(/Client secret +[0-9a-f]{64}/);
    expect(output).toMatch(/Audience +atlas-api/);
    expect(output).toMatch(/Permissions +orders:write/);
    const command = /curl .*/.exec(output)?.[0] ?? "";
    const { stdout } = await execa("bash", ["-c", command]);
    expect(JSON.parse(stdout)).toMatchObject({ access_token: expect.any(String), expires_in: 300 });
  });

  test.each([
    [
      "a customer that there is not",
      ["globx"],
      1,
      'has no customer "globx"; did you mean "globex"?',
    ],
    ["a suspended customer", ["initech"], 1, 'the customer "initech" is suspended'],
    ["nobody", [], 2, "name one customer"],
  ])("credentials of %s are refused in words", async (_, args, status, words) => {
    const { exitCode, output } = await clone.npmOnTerminal("credentials", args);
    expect(output).toContain(words);
    expect(exitCode).toBe(status);
  });

  test("credentials go to a terminal only", async () => {
    const { exitCode, output } = await clone.npm("credentials", ["acme"]);
    expect(output).toContain("credentials are shown on a terminal only");
    expect(exitCode).toBe(2);
  });

  test("a change to the realm itself needs the administrator, and nothing is applied before", async () => {
    await clone.edit("main.ts", (text) =>
      text.replace('displayName: "Atlas"', 'displayName: "Atlas 2"'),
    );
    const refused = await clone.npm("start");
    expect(refused.output).toContain("this changes the realm itself");
    expect(refused.output).toContain("keycloak_realm.realm");
    expect(refused.exitCode).toBe(1);
    const applied = await clone.npm("start", ["--as-administrator"]);
    expect(applied.output).toContain("cdktf deploy: 0 to add, 1 to change, 0 to destroy");
    expect(applied.exitCode).toBe(0);
    expect((await clone.npm("start")).output).toContain("nothing to change");
  });

  test("a file that is not valid changes nothing", async () => {
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

  test("a Keycloak that is stopped comes back with its data", async () => {
    expect((await clone.npm("stop")).output).toContain("Keycloak is stopped");
    const drift = await clone.npm("drift");
    expect(drift.output).toContain("no Keycloak of this checkout runs; npm start starts it");
    expect(drift.exitCode).toBe(3);
    const { output } = await clone.npm("start");
    expect(output).toContain("Keycloak runs");
    expect(output).toContain("nothing to change");
    expect(output).toMatch(/hooli .*token verified/);
  });

  test("Ctrl-C ends what the run started, and the next run works", async () => {
    await clone.npm("stop");
    const run = await clone.spawn("start", /Keycloak runs/);
    run.interrupt();
    const { output, exitCode } = await run.ended();
    expect(output).toMatch(/interrupted\n?$/);
    expect(exitCode).toBe(130);
    expect((await clone.npm("stop")).output).toContain("no Keycloak of this checkout runs");
    const next = await clone.npm("start");
    expect(next.output).toContain("nothing to change");
    expect(next.exitCode).toBe(0);
  });

  test("no secret is in any file of the repository, or in what was printed", async () => {
    const { secrets } = await logins();
    const acme = (await clone.npmOnTerminal("credentials", ["acme"])).output;
    const all = [...secrets, /Client secret +(\S+)/.exec(acme)?.[1]];
    const texts = [...clone.outputs, ...(await filesBelow(clone.folder))];
    for (const secret of all) {
      expect(secret).toMatch(/.{20}/);
      expect(texts.filter((text) => text.includes(String(secret)))).toEqual([]);
    }
  });

  test("reset forgets everything", async () => {
    expect((await clone.npm("reset")).output).toContain("are forgotten");
    expect(await filesNamed(clone.stateFolder, "logins.json")).toEqual([]);
    expect((await clone.npm("reset")).output).toContain("there is nothing to forget");
  });
});

describe("npm start, where something is missing", () => {
  let clone: Clone;

  beforeAll(async () => {
    clone = await Clone.create("embedded", { KEYCLOAK_URL: "" });
  });
  afterAll(() => clone.remove());

  /** A PATH with these programs and no others. */
  const pathWith = async (name: string, ...programs: string[]) => {
    const folder = join(clone.stateFolder, name);
    await mkdir(folder, { recursive: true });
    for (const program of ["node", "npm", "sh", ...programs]) {
      const { stdout } = await execa("which", [program]);
      await execa("ln", ["-s", stdout, join(folder, program)]);
    }
    return { PATH: folder };
  };

  test("terraform: it says what to install", async () => {
    const { exitCode, output } = await clone.npm("start", [], await pathWith("no-terraform"));
    expect(output).toContain("terraform is not on PATH; install Terraform 1.11 or later");
    expect(exitCode).toBe(3);
  });

  test("java: it says what to install", async () => {
    const { exitCode, output } = await clone.npm(
      "start",
      [],
      await pathWith("no-java", "terraform"),
    );
    expect(output).toContain("java is not on PATH; install a JDK 17 or later");
    expect(exitCode).toBe(3);
  });

  test("mvn: it says what to install, or to name instead", async () => {
    const variables = await pathWith("no-mvn", "terraform", "java", "ps");
    const cache = { XDG_CACHE_HOME: join(clone.stateFolder, "cache") };
    const { exitCode, output } = await clone.npm("start", [], { ...variables, ...cache });
    expect(output).toContain("mvn, which gets Keycloak, is not on PATH");
    expect(output).toContain("KEYCLOAK_HOME");
    expect(exitCode).toBe(3);
  });

  test("a terraform that is too old is named", async () => {
    const variables = await pathWith("old-terraform");
    const program = join(variables.PATH, "terraform");
    await writeFile(program, "#!/bin/sh\necho Terraform v1.5.7\n", { mode: 0o755 });
    const { exitCode, output } = await clone.npm("start", [], variables);
    expect(output).toContain("terraform 1.5 is too old; 1.11 or later is needed");
    expect(exitCode).toBe(3);
  });

  test("a free port: it says who has it", async () => {
    const server = createServer().listen(0);
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? String(address.port) : "";
    const { exitCode, output } = await clone.npm("start", [], { KEYCLOAK_PORT: port });
    server.close();
    expect(output).toMatch(
      new RegExp(`port ${port} is taken by node.* \\(process ${process.pid}\\)`),
    );
    expect(exitCode).toBe(3);
  });

  test("Keycloak at KEYCLOAK_URL: it says that it does not answer", async () => {
    const { exitCode, output } = await clone.npm("start", [], {
      KEYCLOAK_URL: "http://localhost:9",
    });
    expect(output).toContain("Keycloak at http://localhost:9 does not answer");
    expect(exitCode).toBe(3);
  });

  test("a login for KEYCLOAK_URL, or one that Keycloak takes", async () => {
    const { root } = endToEnd();
    const none = await clone.npm("start", [], { KEYCLOAK_URL: root.url });
    expect(none.output).toContain("there is no login for Keycloak");
    expect(none.exitCode).toBe(3);
    const login = { KEYCLOAK_USER: "admin", KEYCLOAK_PASSWORD: "not-the-password" };
    const wrong = await clone.npm("start", [], { KEYCLOAK_URL: root.url, ...login });
    expect(wrong.output).toContain(`Keycloak at ${root.url} refuses the user "admin"`);
    expect(wrong.output).not.toContain("not-the-password");
    expect(wrong.exitCode).toBe(3);
  });

  test("a Keycloak that does not come up is explained by its log", async () => {
    const home = join(clone.stateFolder, "broken");
    await mkdir(join(home, "bin"), { recursive: true });
    await mkdir(join(home, "lib"));
    await writeFile(join(home, "lib/quarkus-run.jar"), "");
    await writeFile(join(home, "bin/kc.sh"), "#!/bin/sh\necho no luck\nexit 7\n", { mode: 0o755 });
    const { exitCode, output } = await clone.npm("start", [], { KEYCLOAK_HOME: home });
    expect(output).toContain("Keycloak does not come up: it ended with exit status 7");
    expect(output).toContain("no luck");
    expect(exitCode).toBe(3);
  });

  test("a folder that holds Keycloak", async () => {
    const { exitCode, output } = await clone.npm("start", [], { KEYCLOAK_HOME: clone.folder });
    expect(output).toContain(`KEYCLOAK_HOME: there is no Keycloak in ${clone.folder}`);
    expect(exitCode).toBe(3);
  });
});
