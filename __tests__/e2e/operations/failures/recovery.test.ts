import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { shardOf } from "../../../../constructs/shards/shard-of.ts";
import { findKeycloak } from "../../../../local/keycloak/distribution.ts";
import { freePort } from "../../../../system/ports.ts";
import { endProcessGroup } from "../../../../system/programs/process-groups.ts";
import { startKeycloak } from "../../../../local/keycloak/server.ts";
import { issuerOf } from "../../../../operations/keycloak/token.ts";
import { filesBelow } from "../../support/files.ts";
import {
  nextDeployCompletes,
  createsClient,
  entry,
  GatedProject,
  isWrite,
  onFirst,
} from "../../support/projects/gated-project.ts";
import { ImportedClients, secretsAreReplaced } from "../../support/projects/imported-clients.ts";
import { Postgres } from "../../support/servers/postgres.ts";
import { programName } from "../../support/programs.ts";
import { until } from "../../support/until.ts";

const administrator = { username: "admin", password: "admin" };

let folder = "";
let home = "";
let port = 0;
let keycloak = 0;
let postgres: Postgres;

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
});

afterAll(async () => {
  await postgres.remove();
  await endProcessGroup(keycloak);
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  ["one stack", 1],
  ["three shards", 3],
])("customers in %s:", (_, shards) => {
  /** Only what differs between shards is repeated for them. */
  const describeOneStack = shards === 1 ? describe : describe.skip;
  const realm = `recovery_${shards}`;
  let project: GatedProject;

  beforeAll(async () => {
    project = await GatedProject.create(
      { url: `http://localhost:${port}`, basePath: "", administrator },
      realm,
      `{type: pg, schemaName: ${realm}}`,
      { PG_CONN_STR: postgres.connection },
      shards,
    );
    await project.clone.commitEverything();
  });
  afterEach(() => {
    project.gateway.rules = {};
  });
  afterAll(() => project.remove());

  const idsOf = (name: string) => (shards === 1 ? [name] : idInEachShard(name, shards));
  const add = async (name: string) => {
    for (const id of idsOf(name)) await project.add(id);
  };
  const all: [string, "before" | "after", string, RegExp, () => Promise<unknown>][] = [
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
        project.clone.edit("customers.yaml", (text) =>
          text.replace("name: one\n", "name: First\n"),
        ),
    ],
    [
      "after it had deleted a client",
      "after",
      "DELETE",
      /\/clients\/[^/]+$/,
      () =>
        project.clone.edit("customers.yaml", (text) =>
          idsOf("two").reduce((rest, id) => rest.replace(entry(id), ""), text),
        ),
    ],
  ];
  const moments =
    shards === 1 ? all : all.filter(([, when, method]) => when === "before" || method === "DELETE");
  const allowed = [
    ...idsOf("two").flatMap((id) => ["--allow-removal", id]),
    // the removal of one customer needs no permission for many
    ...(shards === 1 ? [] : ["--allow-many", String(shards)]),
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
      expect(refused.output).toContain(`--allow-replacement 'realm ${realm}'`);
      expect(refused.exitCode).toBe(1);
      await nextDeployCompletes(project, {}, "--allow-replacement", `realm ${realm}`);
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
        const killed = await project.deploy(...allowed);
        expect(killed.output).toContain(`${programName} was ended by SIGKILL`);
        expect(killed.output).toContain(
          `npm run deploy -- --auto-approve ${allowed.join(" ")} completes it`,
        );
        expect(killed.exitCode).toBe(1);
        await nextDeployCompletes(project, before, ...allowed);
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
      expect(Object.keys(await project.secrets())).toEqual(expect.arrayContaining(idsOf("four")));
    });

    describeOneStack("after an outage of Keycloak", () => {
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
    });

    test.each(shards === 1 ? (["before", "after"] as const) : (["before"] as const))(
      "stores the state from a file if PostgreSQL was killed %s a client was created",
      async (when) => {
        const before = await project.secrets();
        await add(`pg-${when}`);
        project.gateway.rules = { [when]: onFirst(createsClient, () => postgres.kill()) };
        const killed = await project.deploy();
        expect(killed.output).toMatch(
          /cdktf\.out\/errored\/gated(-customers-\d)?\.tfstate: keep that file/,
        );
        expect(killed.exitCode).not.toBe(0);
        await postgres.restart();
        const drift = await project.clone.npm("drift");
        expect(drift.output).toContain("npm run deploy stores it first");
        expect(drift.exitCode).toBe(1);
        await nextDeployCompletes(project, before);
        expect(Object.keys(await project.secrets())).toEqual(
          expect.arrayContaining(idsOf(`pg-${when}`)),
        );
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
      const clients = await project.admin.clients.find({ realm });
      const ids = clients
        .map(({ clientId = "" }) => clientId)
        .filter((id) => id.startsWith("both"));
      expect(ids.sort()).toEqual(idsOf("both").sort());
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
});

/** Ids that begin with a name, one for each shard. */
function idInEachShard(name: string, shards: number): string[] {
  const ids = Array.from({ length: 50 }, (_, index) => `${name}-${index}`);
  return Array.from(
    { length: shards },
    (_, index) => ids.find((id) => shardOf(id, shards) === index + 1) ?? "",
  );
}
