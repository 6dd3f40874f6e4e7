import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { shardOf } from "../../../../constructs/shards/shard-of.ts";
import { issuerOf, requestToken } from "../../../../operations/keycloak/token.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { entry, GatedProject } from "../../support/projects/gated-project.ts";
import { ImportedClients } from "../../support/projects/imported-clients.ts";
import { StateServer } from "../../support/servers/state-server.ts";

const { root } = endToEnd();
const realm = "shard-customers";
/** One customer for each of three shards. */
const ids = ["three", "one", "back"];

let state: StateServer;
let project: GatedProject;

beforeAll(async () => {
  state = await StateServer.open();
  project = await GatedProject.create(root, realm, state.declared, {}, 3);
  await project.declare(...ids);
  await project.deploy();
});
afterAll(async () => {
  await project.admin.realms.del({ realm });
  await project.remove();
  await state.close();
});

const clientOf = async (clientId: string) =>
  (await project.admin.clients.find({ realm, clientId }))[0];
const tokenOf = async (id: string) =>
  requestToken({
    issuer: issuerOf(root.url, realm),
    clientId: id,
    clientSecret: (await clientOf(id))?.secret ?? "",
  });
const edit = (from: string, to: string) =>
  project.clone.edit("customers.yaml", (text) => text.replace(from, to));
const deploys = async (...args: readonly string[]) => {
  const { exitCode, output } = await project.deploy(...args);
  expect(output).toContain("Keycloak is as declared");
  expect(exitCode).toBe(0);
};
/** The places of the states that have a customer's resources. */
const placesOf = (id: string) =>
  [...state.states].filter(([, text]) => text.includes(`"customers_${id}_`)).map(([path]) => path);
const placeOfShard = (shard: number) => `/-customers-${shard}`;

test("a suspended customer in a shard gets no token, and keeps its secret when it is resumed", async () => {
  const before = await clientOf("one");
  await edit(entry("one"), entry("one", false));
  await deploys();
  expect(await tokenOf("one")).toHaveProperty("error");
  await edit(entry("one", false), entry("one"));
  await deploys();
  expect((await clientOf("one"))?.secret).toBe(before?.secret);
  expect(await tokenOf("one")).toHaveProperty("token");
});

test("a customer in a shard has credentials, and keeps its new secret after a rotation", async () => {
  const shownSecret = async () => {
    const { output } = await project.clone.npmOnTerminal("credentials", ["one"]);
    return /Client secret +(\S+)$/m.exec(output)?.[1];
  };
  const before = await clientOf("one");
  expect(await shownSecret()).toBe(before?.secret);
  const rotated = await project.clone.npmOnTerminal("rotate", ["one"], ["rotate?", "yes"]);
  expect(rotated.exitCode).toBe(0);
  await deploys();
  const after = await clientOf("one");
  expect(after?.secret).not.toBe(before?.secret);
  expect(await shownSecret()).toBe(after?.secret);
});

test("a renamed customer keeps its client, and its state moves to the shard of the new id once the line is gone", async () => {
  const before = await clientOf("one");
  const renamed = "    renamedFrom: one\n";
  await edit("  one:\n", `  both:\n${renamed}`);
  await deploys();
  const after = await clientOf("both");
  expect([after?.id, after?.secret]).toEqual([before?.id, before?.secret]);
  expect(await tokenOf("both")).toHaveProperty("token");
  expect(placesOf("both")).toEqual([placeOfShard(shardOf("one", 3))]);

  await edit(renamed, "");
  const refused = await project.deploy();
  expect(refused.output).toMatch(
    /the states of these customers .+: "?both"?; nothing is applied; npm run reshard -- --to 3 moves/,
  );
  expect(refused.exitCode).toBe(1);
  const moved = await project.clone.npm("reshard", ["--to", "3", "--auto-approve"]);
  expect(moved.output).toContain("the states are moved, and the plan is empty");
  expect(moved.exitCode).toBe(0);
  expect(placesOf("both")).toEqual([placeOfShard(shardOf("both", 3))]);
  expect(await clientOf("both")).toEqual(after);
});

test("a client that was created by hand is imported into its shard, with a new secret", async () => {
  const clients = new ImportedClients(project, issuerOf(root.url, realm), () =>
    Promise.resolve([...state.states.values()]),
  );
  await clients.declareExisting("existing");
  expect(await project.deploy()).toMatchObject({
    ...{ exitCode: 1, output: expect.stringContaining("--allow-new-secret existing") },
  });
  await deploys("--allow-new-secret", "existing");
  expect(await clients.tokenStatus("existing")).toBe(401);
  expect(await tokenOf("existing")).toHaveProperty("token");
  expect(placesOf("existing")).toEqual([placeOfShard(shardOf("existing", 3))]);
  expect(await clients.withSecretLeft()).toEqual([]);
});

test("npm run verify finds what differs, whatever the shard", async () => {
  expect(await project.clone.npm("verify")).toMatchObject({ exitCode: 0 });
  const { id = "" } = (await clientOf("three")) ?? {};
  await project.admin.clients.update({ realm, id }, { directAccessGrantsEnabled: true });
  const { exitCode, output } = await project.clone.npm("verify");
  expect(output).toContain("directAccessGrantsEnabled");
  expect(exitCode).toBe(1);
  await project.admin.clients.update({ realm, id }, { directAccessGrantsEnabled: false });
});

test("npm run unlock releases the lock of one shard, and no other", async () => {
  const locks = [
    [placeOfShard(1), "3f1c0000-0000-4000-8000-000000000001"],
    [placeOfShard(3), "3f1c0000-0000-4000-8000-000000000003"],
  ] as const;
  for (const [place, id] of locks) state.lock(place, id);
  for (const [index, [place, id]] of locks.entries()) {
    expect(state.locked).toContain(place);
    expect(await project.clone.npm("unlock", [id])).toMatchObject({
      ...{ exitCode: 0, stdout: "the state is unlocked" },
    });
    expect(state.locked).toEqual(locks.slice(index + 1).map(([rest]) => rest));
  }
  expect(await project.clone.npm("unlock", [locks[0][1]])).toMatchObject({
    ...{ exitCode: 1, output: expect.stringContaining("none of the 4 states has the lock") },
  });
});

test("a customer that is removed is refused first, and leaves the other shards as they are", async () => {
  const clientSecret = (await clientOf("three"))?.secret ?? "";
  const statesOfOthers = () =>
    [...state.states].filter(([path]) => path !== placeOfShard(shardOf("three", 3)));
  const before = statesOfOthers();
  await edit(entry("three"), "");
  expect(await project.deploy()).toMatchObject({
    ...{ exitCode: 1, output: expect.stringContaining("--allow-removal three") },
  });
  await deploys("--allow-removal", "three");
  expect(await clientOf("three")).toBeUndefined();
  const request = { issuer: issuerOf(root.url, realm), clientId: "three", clientSecret };
  expect(await requestToken(request)).toEqual({ error: "invalid_client" });
  expect(placesOf("three")).toEqual([]);
  expect(statesOfOthers()).toEqual(before);
});
