import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { shardOf } from "../../../../constructs/shards/shard-of.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { entry, GatedProject } from "../../support/projects/gated-project.ts";
import { StateServer } from "../../support/servers/state-server.ts";

const { root } = endToEnd();
const realm = "shards-base";
// their shards are 2, 1 and 3
const ids = ["one", "three", "eight"];

let state: StateServer;
let project: GatedProject;

beforeAll(async () => {
  state = await StateServer.open();
  project = await GatedProject.create(root, realm, state.declared, {}, 3);
  await project.declare(...ids);
  await project.clone.commitEverything();
  await project.deploy();
});
afterAll(async () => {
  await project.admin.realms.del({ realm });
  await project.remove();
  await state.close();
});

const statesNow = () => new Map(state.states);

/** The paths of the states that have been written since. */
const written = (before: ReadonlyMap<string, string>) =>
  [...state.states].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);

const suspend = (id: string) =>
  project.clone.edit("customers.yaml", (text) => text.replace(entry(id), entry(id, false)));

const enabled = async (id: string) =>
  (await project.admin.clients.find({ realm, clientId: id }))[0]?.enabled;

test("a deploy with a base plans and applies only the shard of the customer that has changed", async () => {
  const before = statesNow();
  await suspend("one");
  const { exitCode, output } = await project.deploy("--base", "HEAD");
  expect(output).toContain("plans 1 of 3 shards (2); no other customer has changed");
  expect(output).toContain("leaves out the realm, which is declared as at the base");
  expect(output).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
  expect(exitCode).toBe(0);
  expect(await enabled("one")).toBe(false);
  expect(written(before)).toEqual(["/-customers-2"]);
});

test("a saved plan of one shard is deployed without planning the others", async () => {
  await project.clone.git("commit", "--quiet", "--all", "--message", "suspend one");
  await suspend("three");
  await project.clone.git("commit", "--quiet", "--all", "--message", "suspend three");
  const planned = await project.clone.npm("plan", ["--base", "HEAD^"]);
  expect(planned.output).toContain("plans 1 of 3 shards (1)");
  const before = statesNow();
  const { exitCode, output } = await project.deploy();
  expect(output).toMatch(/Keycloak is as declared$/);
  expect(exitCode).toBe(0);
  expect(await enabled("three")).toBe(false);
  expect(written(before)).toEqual(["/-customers-1"]);
});

test("an older commit is deployed with the shards that have changed until the base", async () => {
  await project.clone.git("switch", "--quiet", "--detach", "HEAD^");
  const { exitCode, output } = await project.clone.npm("plan", ["--base", "main"]);
  expect(output).toContain("plans 1 of 3 shards (1)");
  expect(output).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
  expect(exitCode).toBe(0);
  await rm(project.path("cdktf.out/plan"), { recursive: true });
  await project.clone.git("switch", "--quiet", "main");
});

test("a customer whose last day is over since the base is in the plan", async () => {
  const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
  await project.clone.edit("customers.yaml", (text) => `${text}    expires: ${yesterday}\n`);
  await project.clone.git("commit", "--quiet", "--all", "--message", "end of access");
  const { exitCode, output } = await project.deploy("--base", "HEAD");
  expect(output).toContain("plans 1 of 3 shards (3)");
  expect(exitCode).toBe(0);
  expect(await enabled("eight")).toBe(false);
});

test("a plan of nothing that has changed works on no stack", async () => {
  const { exitCode, output } = await project.clone.npm("plan", ["--base", "HEAD"], {
    TODAY: new Date(Date.now() - 2 * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10),
  });
  expect(output).toContain("plans 0 of 3 shards; no other customer");
  expect(output).toContain("leaves out the realm");
  expect(exitCode).toBe(0);
});

test("a deploy with a base makes new secrets only in the shards that it plans", async () => {
  await rm(project.path("cdktf.out/plan"), { recursive: true });
  const before = await project.secrets();
  await project.clone.edit("customers.yaml", (text) =>
    text.replace("name: three\n", "name: three\n    rotation: 2\n"),
  );
  await project.commit();
  await project.clone.edit("customers.yaml", (text) =>
    text.replace(entry("one", false), entry("one")),
  );
  const { exitCode, output } = await project.deploy("--base", "HEAD");
  // the access of "eight" has ended since the base
  expect(output).toContain("plans 2 of 3 shards (2, 3)");
  expect(exitCode).toBe(0);
  expect(await project.secrets()).toEqual(before);
  const all = await project.deploy("--base", "HEAD", "--all");
  expect(all.output).toContain("**gets a new secret**: `three`");
  expect(all.exitCode).toBe(1);
  await project.clone.git("reset", "--quiet", "--hard", "HEAD^");
});

test("a change of main.ts and --all plan every shard", async () => {
  const all = await project.clone.npm("plan", ["--base", "HEAD", "--all"]);
  expect(all.output).toContain("(4 of 4 stacks)");
  expect(all.exitCode).toBe(0);
  await project.clone.edit("main.ts", (text) => `${text}// changed\n`);
  const { exitCode, output } = await project.clone.npm("plan", ["--base", "HEAD"]);
  expect(output).toContain('plans every shard: "main.ts" has changed since the base');
  expect(output).toContain("(4 of 4 stacks)");
  expect(exitCode).toBe(0);
});

describe("a plan that several machines make", () => {
  const plan = (...args: readonly string[]) =>
    project.clone.npm("plan", ["--base", "HEAD^", ...args]);

  beforeAll(async () => {
    await project.clone.git("restore", "main.ts");
    await rm(project.path("cdktf.out/plan"), { recursive: true });
    await project.declare(...ids);
    await project.commit();
    await project.deploy();
    for (const id of ["one", "three"]) await suspend(id);
    await project.commit();
  });

  test("has a part for each shard that has changed", async () => {
    const { exitCode, stdout, output } = await plan("--shard-matrix");
    expect(JSON.parse(stdout)).toEqual({ PART: ["1/2", "2/2"] });
    expect(output).toContain("plans 2 of 3 shards in 2 parts");
    expect(exitCode).toBe(0);
  });

  test("is neither joined nor deployed before every part is there", async () => {
    const first = await plan("--part", "1/2");
    expect(first.output).toContain("saved part 1 of 2: 0 to add, 1 to change, 0 to destroy");
    expect(first).toMatchObject({ exitCode: 0, stdout: "" });
    const joined = await plan("--join");
    expect(joined.output).toMatch(
      /lacks parts of the plan; nothing is joined; make them first: npm run plan -- --part 2\/2$/,
    );
    expect(joined.exitCode).toBe(2);
    const deployed = await project.deploy();
    expect(deployed.output).toContain("npm run plan -- --join makes one plan of them");
    expect(deployed.exitCode).toBe(2);
  });

  test("is refused if a part was made from another commit", async () => {
    await project.clone.git("commit", "--quiet", "--allow-empty", "--message", "nothing");
    const base = ["--base", "HEAD~2"];
    expect(await project.clone.npm("plan", [...base, "--part", "2/2"])).toMatchObject({
      exitCode: 0,
    });
    const { exitCode, output } = await project.clone.npm("plan", [...base, "--join"]);
    expect(output).toContain(
      'plan-2-of-2.json is a part of another plan than the first part: it has another "commit"; nothing is joined',
    );
    expect(exitCode).toBe(1);
    await project.clone.git("reset", "--quiet", "--hard", "HEAD^");
  });

  test("is refused by guard rails over all parts together", async () => {
    expect(await plan("--part", "2/2")).toMatchObject({ exitCode: 0 });
    const { exitCode, output } = await plan("--join");
    expect(output).toContain("--allow-many 2");
    expect(exitCode).toBe(1);
    expect(await project.deploy()).toMatchObject({ exitCode: 2 });
    expect(await enabled("one")).toBe(true);
  });

  test("is deployed as one plan, without planning again", async () => {
    const before = statesNow();
    const joined = await plan("--join", "--allow-many", "2");
    expect(joined.stdout).toContain("Plan: 0 to add, 2 to change, 0 to destroy.");
    expect(joined.exitCode).toBe(0);
    const { exitCode, output } = await project.deploy("--allow-many", "2");
    expect(output).toMatch(/applied customers-\d \(2 of 2 stacks\)/);
    expect(output).not.toContain("planned");
    expect(exitCode).toBe(0);
    expect(await enabled("one")).toBe(false);
    expect(await enabled("three")).toBe(false);
    expect(written(before).sort()).toEqual(["/-customers-1", "/-customers-2"]);
  });
});

test("a plan with a base reports what a plan of everything reports, after any edit", async () => {
  // an added customer is compared with one that stays in its shard, so each shard has one
  const deployed = { one: false, three: false, eight: true, two: true, four: false };
  const edited = fc.record(
    { two: fc.boolean(), four: fc.boolean(), five: fc.boolean(), eight: fc.boolean() },
    { requiredKeys: ["eight"] },
  );
  const declare = async (customers: Readonly<Record<string, boolean>>) => {
    const entries = Object.entries(customers).map(([id, enabled]) => entry(id, enabled));
    await project.clone.edit("customers.yaml", () => `customers:\n${entries.join("")}`);
    await project.clone.git("commit", "--quiet", "--all", "--allow-empty", "--message", "edit");
  };
  await declare(deployed);
  expect(await project.deploy()).toMatchObject({ exitCode: 0 });
  await fc.assert(
    fc.asyncProperty(edited, async (some) => {
      await declare({ one: false, three: false, ...some });
      const part = await project.clone.npm("plan", ["--base", "HEAD^"]);
      const all = await project.clone.npm("plan", ["--base", "HEAD^", "--all"]);
      await project.clone.git("reset", "--quiet", "--hard", "HEAD^");
      // a guard rail may refuse it, and the report names every change
      expect(part.stdout).toBe(all.stdout);
      expect(part.exitCode).toBe(all.exitCode);
    }),
    { numRuns: 4 },
  );
});

test("a deploy with a base leaves another customer of the shard as somebody has changed it", async () => {
  // a plan of an earlier test would be applied instead
  await rm(project.path("cdktf.out/plan"), { recursive: true, force: true });
  await project.declare("one", "two", "three", "four", "eight");
  await project.commit();
  expect(shardOf("one", 3)).toBe(shardOf("two", 3));
  await project.deploy();
  const [two] = await project.admin.clients.find({ realm, clientId: "two" });
  const { id = "" } = two ?? {};
  await project.admin.clients.update({ realm, id }, { ...two, directAccessGrantsEnabled: true });
  const isChanged = async () =>
    (await project.admin.clients.findOne({ realm, id }))?.directAccessGrantsEnabled;
  await suspend("one");
  const { exitCode, output } = await project.deploy("--base", "HEAD");
  expect(output).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
  expect(exitCode).toBe(0);
  expect(await enabled("one")).toBe(false);
  expect(await isChanged()).toBe(true);
  const all = await project.deploy("--base", "HEAD", "--all");
  expect(all.exitCode).toBe(0);
  expect(await isChanged()).toBe(false);
});

test("a client that the state has at another address is not imported a second time", async () => {
  await project.declare("one", "two", "three", "four", "five", "eight");
  await project.commit();
  await project.deploy();
  const path = `/-customers-${shardOf("two", 3)}`;
  const before = await project.secrets();
  state.edit(path, (text) => text.replaceAll('"customers_two_', '"customers_former_'));
  await suspend("two");
  const { exitCode, output } = await project.deploy("--base", "HEAD");
  expect(output).toContain("Plan: 2 to add, 0 to change, 0 to destroy.");
  expect(output).toContain("409");
  expect(exitCode).toBe(1);
  expect(await project.secrets()).toEqual(before);
  expect(await enabled("two")).toBe(true);
  await project.clone.git("restore", "customers.yaml");
  state.edit(path, (text) => text.replaceAll('"customers_former_', '"customers_two_'));
  const restored = await project.deploy("--base", "HEAD", "--all");
  expect(restored.output).toContain("nothing to change");
});
