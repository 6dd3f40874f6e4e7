import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { shardOf } from "../../../../constructs/shards/shard-of.ts";
import { customerProblems } from "../../../../operations/keycloak/customers/customer-clients.ts";
import { issuerOf } from "../../../../operations/keycloak/token.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { filesBelow } from "../../support/files.ts";
import {
  createsClient,
  GatedProject,
  nextDeployCompletes,
} from "../../support/projects/gated-project.ts";
import { StateServer } from "../../support/servers/state-server.ts";
import { until } from "../../support/until.ts";

const { root } = endToEnd();
const realm = "shards";
const ids = ["one", "two", "three", "four", "five", "six", "seven", "eight"];
const stackOf = (id: string) => `customers-${shardOf(id, 3)}`;

let state: StateServer;
let project: GatedProject;

beforeAll(async () => {
  state = await StateServer.open();
  project = await GatedProject.create(root, realm, state.declared, {}, 3);
  await project.declare(...ids);
});
afterEach(() => {
  project.gateway.rules = {};
});
afterAll(async () => {
  await project.admin.realms.del({ realm });
  await project.remove();
  await state.close();
});

const access = { "atlas-api": ["orders:read"] };
const problemsOf = (id: string, permissions = access) =>
  customerProblems(project.admin, realm, issuerOf(root.url, realm), id, {
    ...{ name: id, contact: `api@${id}.example`, enabled: true, access: permissions },
  });

test("reshard has nothing to move before the first deploy", async () => {
  const { exitCode, output } = await project.clone.npm("reshard", ["--to", "4"]);
  expect(output).toMatch(/nothing is deployed yet, .+\nnow set "shards: 4" in environments/);
  expect(exitCode).toBe(0);
});

describe("a deploy to three shards", () => {
  test("gives each customer its client, and keeps its state in its own shard", async () => {
    const { exitCode, output } = await project.deploy();
    expect(output).toMatch(/Keycloak is as declared$/);
    expect(exitCode).toBe(0);
    for (const id of ids) expect(await problemsOf(id)).toEqual([]);
    for (const id of ids) {
      const having = [...state.states].filter(([, text]) => text.includes(`customers_${id}_`));
      expect(having.map(([path]) => path)).toEqual([`/-${stackOf(id)}`]);
    }
  });

  test("has nothing to do after that", async () => {
    const { exitCode, output } = await project.deploy();
    expect(output).toContain("Keycloak is as declared: nothing to change");
    expect(exitCode).toBe(0);
  });

  test("shows drift of all shards together", async () => {
    const clients = await project.admin.clients.find({ realm });
    const changed = ["one", "four"].map((id) => clients.find(({ clientId }) => clientId === id));
    for (const client of changed)
      await project.admin.clients.update(
        { realm, id: client?.id ?? "" },
        { ...client, name: "changed by hand" },
      );
    const { exitCode, output } = await project.clone.npm("drift");
    expect(output).toContain("one");
    expect(output).toContain("four");
    expect(exitCode).toBe(1);
    await nextDeployCompletes(project, await project.secrets());
  });

  test("adds a permission before customers use it, and removes another one after they do", async () => {
    const secrets = await project.secrets();
    await project.clone.edit("main.ts", (text) =>
      text.replaceAll('"orders:read"', '"orders:view"'),
    );
    await project.clone.edit("customers.yaml", (text) =>
      text.replaceAll("orders:read", "orders:view"),
    );
    const requests: string[] = [];
    project.gateway.rules = {
      after: ({ method, path }) => {
        if (method === "POST" && path.endsWith("/client-scopes")) requests.push("add scope");
        if (method === "PUT" && path.includes("/default-client-scopes/"))
          requests.push("use scope");
        if (method === "DELETE" && /\/client-scopes\/[^/]+$/.test(path))
          if (!path.includes("default")) requests.push("remove scope");
      },
    };
    const { exitCode, output } = await project.deploy(
      "--allow-removal",
      "scope orders:read",
      "--allow-many",
      "8",
    );
    expect(output).toMatch(/Keycloak is as declared$/);
    expect(exitCode).toBe(0);
    expect(requests.at(0)).toBe("add scope");
    expect(requests.at(-1)).toBe("remove scope");
    for (const id of ids)
      expect(await problemsOf(id, { "atlas-api": ["orders:view"] })).toEqual([]);
    await nextDeployCompletes(project, secrets);
  });

  test("completes every other shard if one fails, names that one, and the next deploy completes it", async () => {
    const before = await project.secrets();
    for (const id of ["nine", "ten"]) await project.add(id);
    await project.clone.edit("customers.yaml", (text) =>
      text.replaceAll("orders:read", "orders:view"),
    );
    project.gateway.rules = {
      before: ({ path }) => (/clients\/?\?.*clientId=(nine|ten)\b/.test(path) ? 403 : undefined),
    };
    const refused = await project.deploy();
    for (const id of ["nine", "ten"])
      expect(refused.output).toContain(
        `${stackOf(id)}: Keycloak refuses /admin/realms/shards/clients`,
      );
    expect(refused.exitCode).toBe(1);
    let refusals = 0;
    project.gateway.rules = {
      before: (passing) => (createsClient(passing) && (refusals += 1) === 1 ? 400 : undefined),
    };
    const { exitCode, output } = await project.deploy();
    const clients = await project.admin.clients.find({ realm });
    const [missing, ...others] = ["nine", "ten"].filter(
      (id) => !clients.some(({ clientId }) => clientId === id),
    );
    expect(others).toEqual([]);
    expect(output).toContain(`${stackOf(missing ?? "")}: the deploy is not complete:`);
    expect(exitCode).toBe(1);
    await nextDeployCompletes(project, before);
    expect(Object.keys(await project.secrets())).toEqual(expect.arrayContaining(["nine", "ten"]));
  });
});

/** Reshards, and kills it after a write of a state. @returns whether it was killed, and its outcome */
const reshardUntil = async (to: number, write: number) => {
  const args = ["--to", String(to), "--auto-approve"];
  const run = await project.clone.spawn("reshard", / uses the /, {}, ...args);
  let writes = 0;
  state.onWrite = () => {
    writes += 1;
    if (writes === write) run.kill();
  };
  const outcome = await run.ended();
  state.onWrite = () => undefined;
  return { isKilled: writes >= write, outcome };
};

describe("npm run reshard", () => {
  test.each([1, 4, 7, 2])(
    "moves states to %i shards, and loses nothing if it is killed at every third write",
    async (to) => {
      const before = await project.clients();
      const move = async (write: number) => {
        const moved = await reshardUntil(to, write);
        // with the number of shards before, nothing is deleted, created or imported
        const { output } = await project.deploy();
        expect(output).toMatch(/npm run reshard -- --to \d|nothing to change/);
        return moved;
      };
      let write = 1;
      let last = await move(write);
      while (last.isKilled) last = await move((write += 3));
      expect(last.outcome.output).toContain("and the plan is empty");
      expect(last.outcome.exitCode).toBe(0);
      await project.setShards(to);
      const deploy = await project.deploy();
      expect(deploy.output).toContain("Keycloak is as declared: nothing to change");
      expect(await project.clients()).toEqual(before);
    },
  );
});

test("fewer shards are refused as long as the states are in more", async () => {
  const before = await project.clients();
  await project.setShards(1);
  const { exitCode, output } = await project.deploy();
  expect(output).toContain(
    "the states of customers are in 2 shards, not in 1; nothing is applied; set shards: 2, or run npm run reshard -- --to 1",
  );
  expect(exitCode).toBe(1);
  await project.setShards(2);
  const deploy = await project.deploy();
  expect(deploy.output).toContain("Keycloak is as declared: nothing to change");
  expect(await project.clients()).toEqual(before);
});

test.each([
  ["undone", 2],
  ["completed to another number", 5],
])(
  "a move that is killed can be %s, also if that is killed once and leaves a lock",
  async (_, to) => {
    const before = await project.clients();
    expect(await reshardUntil(3, 4)).toMatchObject({ isKilled: true });
    expect(await reshardUntil(to, 2)).toMatchObject({ isKilled: true });
    // terraform outlives the killed command, and would release the lock
    await until("terraform has ended", async () => (await project.running()).length === 0);
    // a shard of the move, which is not declared
    state.lock(`/-customers-${Math.max(3, to)}`, "3f1c0000-0000-4000-8000-000000000001");
    const unlocked = await project.clone.npm("unlock", ["3f1c0000-0000-4000-8000-000000000001"]);
    expect(unlocked.output).toMatch(/the state is unlocked$/);
    expect(unlocked.exitCode).toBe(0);
    expect(state.locked).toEqual([]);
    const { exitCode, output } = await project.clone.npm("reshard", [
      ...["--to", String(to), "--auto-approve"],
    ]);
    expect(output).toContain("and the plan is empty");
    expect(exitCode).toBe(0);
    await project.setShards(to);
    const deploy = await project.deploy();
    expect(deploy.output).toContain("Keycloak is as declared: nothing to change");
    expect(await project.clients()).toEqual(before);
  },
);

test("no state, file or output of shards has a secret", async () => {
  const secrets = Object.values(await project.secrets());
  expect(secrets.length).toBeGreaterThan(10);
  const texts = [
    ...state.states.values(),
    ...(await filesBelow(project.clone.folder)),
    ...project.clone.outputs,
  ];
  for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
});
