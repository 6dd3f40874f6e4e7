import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { findKeycloak } from "../../../local/keycloak/distribution.ts";
import { freePort } from "../../../system/ports.ts";
import { endProcessGroup } from "../../../system/process-groups.ts";
import { startKeycloak } from "../../../local/keycloak/server.ts";
import { issuerOf } from "../../../operations/keycloak/token.ts";
import { filesBelow } from "../support/files.ts";
import {
  nextDeployCompletes,
  createsClient,
  entry,
  GatedProject,
  isWrite,
  onFirst,
} from "../support/gated-project.ts";
import { ImportedClients, secretsAreReplaced } from "../support/imported-clients.ts";
import { Postgres } from "../support/postgres.ts";
import { programName } from "../support/programs.ts";
import { until } from "../support/until.ts";

const administrator = { username: "admin", password: "admin" };

let folder = "";
let home = "";
let port = 0;
let keycloak = 0;
let postgres: Postgres;
let project: GatedProject;

const boot = async () => {
  const options = { home, folder, port, basePath: "", administrator, variables: process.env };
  keycloak = (await startKeycloak(options)).pid;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "recovery-"));
  await mkdir(join(folder, "data"));
  home = await findKeycloak("", process.env);
  port = await freePort();
  await boot();
  postgres = await Postgres.start();
  project = await GatedProject.create(
    { url: `http://localhost:${port}`, basePath: "", administrator },
    "recovery",
    "{type: pg, schemaName: recovery}",
    { PG_CONN_STR: postgres.connection },
  );
  await project.clone.commitEverything();
});

afterEach(() => {
  project.gateway.rules = {};
});

afterAll(async () => {
  await project.remove();
  await postgres.remove();
  await endProcessGroup(keycloak);
  await rm(folder, { recursive: true, force: true });
});

const add = (id: string) => project.add(id);

const moments: [string, "before" | "after", string, RegExp, () => Promise<unknown>][] = [
  ["after it had created a client", "after", "POST", /\/clients$/, () => add("one")],
  [
    "before it set the scopes of a client",
    "before",
    "PUT",
    /default-client-scopes/,
    () => add("two"),
  ],
  [
    "after it had changed a client",
    "after",
    "PUT",
    /\/clients\/[^/]+$/,
    () =>
      project.clone.edit("customers.yaml", (text) => text.replace("name: one\n", "name: First\n")),
  ],
  [
    "after it had deleted a client",
    "after",
    "DELETE",
    /\/clients\/[^/]+$/,
    () => project.clone.edit("customers.yaml", (text) => text.replace(entry("two"), "")),
  ],
];

describe("the next deploy", () => {
  test("creates everything exactly once after terraform was killed when it had created the realm", async () => {
    project.gateway.rules = {
      after: onFirst(isWrite("POST", /\/admin\/realms$/), () => project.killTerraform()),
    };
    const killed = await project.deploy();
    expect(killed.output).toContain(`${programName} was ended by SIGKILL`);
    expect(killed.exitCode).toBe(1);
    project.gateway.rules = {};
    const refused = await project.deploy();
    expect(refused.output).toContain("--allow-replacement 'realm recovery'");
    expect(refused.exitCode).toBe(1);
    await nextDeployCompletes(project, {}, "--allow-replacement", "realm recovery");
    expect(Object.keys(await project.secrets())).toEqual(
      expect.arrayContaining(["acme", "globex", "initech"]),
    );
  });

  test.each(moments)(
    "resumes a deploy whose terraform was killed %s",
    async (_, when, method, path, change) => {
      const before = await project.secrets();
      await change();
      project.gateway.rules = {
        [when]: onFirst(isWrite(method, path), () => project.killTerraform()),
      };
      const killed = await project.deploy("--allow-removal", "two");
      expect(killed.output).toContain(`${programName} was ended by SIGKILL`);
      expect(killed.output).toContain(
        "npm run deploy -- --auto-approve --allow-removal two completes it",
      );
      expect(killed.exitCode).toBe(1);
      await nextDeployCompletes(project, before, "--allow-removal", "two");
    },
  );

  test("resumes a deploy that was killed, whose terraform does not go on for long", async () => {
    const before = await project.secrets();
    await add("four");
    const run = await project.clone.spawn("deploy", / uses the /, {}, "--auto-approve");
    project.gateway.rules = {
      before: onFirst(createsClient, async () => {
        run.kill();
        await run.ended();
      }),
    };
    await run.ended();
    await until("terraform ends", async () => (await project.applies()).length === 0);
    expect(await project.applies()).toEqual([]);
    await nextDeployCompletes(project, before);
    expect(await project.secrets()).toHaveProperty("four");
  });

  test("resumes a deploy that failed because Keycloak was killed", async () => {
    const before = await project.secrets();
    await add("three");
    const kill = onFirst(createsClient, async () => {
      process.kill(-keycloak, "SIGKILL");
      await endProcessGroup(keycloak);
      await boot();
    });
    project.gateway.rules = { before: kill };
    const { exitCode, output } = await project.deploy();
    expect(output).toMatch(/Keycloak is as declared|the deploy is not complete/);
    expect([0, 3]).toContain(exitCode);
    await nextDeployCompletes(project, before);
    expect(await project.secrets()).toHaveProperty("three");
  });

  test.each(["before", "after"] as const)(
    "stores the state from a file if PostgreSQL was killed %s a client was created",
    async (when) => {
      const before = await project.secrets();
      await add(`pg-${when}`);
      project.gateway.rules = { [when]: onFirst(createsClient, () => postgres.kill()) };
      const killed = await project.deploy();
      expect(killed.output).toContain("cdktf.out/errored/gated.tfstate: keep that file");
      expect(killed.exitCode).not.toBe(0);
      await postgres.restart();
      await nextDeployCompletes(project, before);
    },
  );
});

test("a second deploy at the same time waits for the first one, and has nothing left to change", async () => {
  await add("both");
  const second = await project.anotherClone();
  try {
    let waiting: ReturnType<typeof second.npm> | undefined;
    project.gateway.rules = {
      before: onFirst(createsClient, async () => {
        waiting = second.npm("deploy", ["--auto-approve"]);
        await sleep(8_000);
      }),
    };
    const first = await project.deploy();
    expect(first.output).toMatch(/create keycloak_openid_client\.customers_both/);
    expect(first.exitCode).toBe(0);
    expect(await waiting).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("Keycloak is as declared: nothing to change"),
    });
    expect(
      await project.admin.clients.find({ realm: project.realm, clientId: "both" }),
    ).toHaveLength(1);
  } finally {
    await second.remove();
  }
});

test("a deploy that is told to end after the import of a client leaves no valid secret behind", async () => {
  const issuer = issuerOf(`http://localhost:${port}`, project.realm);
  const clients = new ImportedClients(project, issuer, async () => [
    ...(await postgres.states()).values(),
  ]);
  await clients.declareExisting("endco");
  const options = ["--auto-approve", "--allow-new-secret", "endco"];
  const deploy = await project.clone.spawn("deploy", / uses the /, {}, ...options);
  clients.refuseChange(() => {
    deploy.send("SIGTERM");
  });
  const ended = await deploy.ended();
  expect(ended.output).toContain("interrupted");
  expect(ended.exitCode).toBe(130);
  await secretsAreReplaced(clients, "endco", ended);
});

test("no deploy leaves a secret of Keycloak or PostgreSQL's password in a file or an output", async () => {
  const all = [...Object.values(await project.secrets()), postgres.password];
  expect(all.length).toBeGreaterThan(10);
  const texts = [...(await filesBelow(project.clone.folder)), ...project.clone.outputs];
  for (const secret of all) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
});
