import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { shardOf } from "../../../../constructs/shards/shard-of.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { filesBelow, pathsBelow } from "../../support/files.ts";
import { GatedProject } from "../../support/projects/gated-project.ts";
import { ObjectStore } from "../../support/servers/object-store/object-store.ts";
import { Postgres } from "../../support/servers/postgres.ts";

const { root } = endToEnd();
/** One customer for each of three shards. */
const ids = ["three", "one", "back"];

let postgres: Postgres;
let store: ObjectStore;

beforeAll(async () => {
  postgres = await Postgres.start();
  store = await ObjectStore.start();
});
afterAll(async () => {
  await store.close();
  await postgres.remove();
});

/** Where a state backend keeps states. */
interface Backend {
  /** The environment's `state`, as YAML. */
  readonly state: string;
  readonly variables?: () => NodeJS.ProcessEnv;
  /** The place of the state of the realm's stack. */
  readonly realm: string;
  /** The place of a shard's state. */
  readonly shard: (shard: number) => string;
  /** The states as texts, by place. */
  readonly states: (clone: string) => Promise<ReadonlyMap<string, string>>;
}

/** The folders of backups, and of what terraform remembers of the state backend. */
const others = ["cdktf.out/states-before-reshard/", "cdktf.out/terraform/"];

/** The states in files with their backups by terraform, by path in the clone. */
const stateFiles = async (clone: string) => {
  const paths = (await pathsBelow(clone)).map((path) => relative(clone, path));
  const states = paths.filter(
    (path) =>
      /\.tfstate(\.backup)?$/.test(path) && !others.some((folder) => path.startsWith(folder)),
  );
  const read = async (path: string) => [path, await readFile(join(clone, path), "utf8")] as const;
  return new Map(await Promise.all(states.map(read)));
};

const backends: readonly (readonly [string, Backend])[] = [
  [
    "local",
    {
      state: "{type: local}",
      realm: "terraform.atlas.tfstate",
      shard: (shard) => `terraform.atlas-customers-${shard}.tfstate`,
      states: stateFiles,
    },
  ],
  [
    "local with a path",
    {
      state: "{type: local, path: states/all.tfstate}",
      realm: "cdktf.out/stacks/atlas/states/all.tfstate",
      shard: (shard) =>
        `cdktf.out/stacks/atlas-customers-${shard}/states/all-customers-${shard}.tfstate`,
      states: stateFiles,
    },
  ],
  [
    "pg",
    {
      state: "{type: pg, schemaName: moved}",
      variables: () => ({ PG_CONN_STR: postgres.connection }),
      realm: "moved",
      shard: (shard) => `moved_customers_${shard}`,
      states: () => postgres.states(),
    },
  ],
  [
    "s3",
    {
      state: "{type: s3, bucket: states, key: realms/all.tfstate, region: eu-central-1}",
      variables: () => store.variables,
      realm: "realms/all.tfstate",
      shard: (shard) => `realms/all-customers-${shard}.tfstate`,
      states: () => store.objects(),
    },
  ],
];

describe.each(backends)("npm run reshard with the state backend %s", (name, backend) => {
  const realm = `reshard-${name.replaceAll(" ", "-")}`;
  let project: GatedProject;
  let before: Awaited<ReturnType<GatedProject["clients"]>>;

  beforeAll(async () => {
    project = await GatedProject.create(root, realm, backend.state, backend.variables?.());
    await project.declare(...ids);
    await project.deploy();
    before = await project.clients();
  });
  afterAll(async () => {
    await project.admin.realms.del({ realm });
    await project.remove();
  });

  test("begins with every customer in the realm's stack", () => {
    expect(Object.keys(before)).toEqual(expect.arrayContaining(ids));
  });

  test.each([
    ["three shards", 3, ["realm"]],
    ["one stack", 1, ["customers-1", "customers-2", "customers-3", "realm"]],
  ])(
    "moves states to %s, changes no client, and keeps the states before",
    async (_, to, stacks) => {
      const { exitCode, output } = await project.clone.npm("reshard", [
        ...["--to", String(to), "--auto-approve"],
      ]);
      expect(output).toContain("the states are moved, and the plan is empty");
      expect(exitCode).toBe(0);
      await project.setShards(to);
      const deploy = await project.deploy();
      expect(deploy.output).toContain("Keycloak is as declared: nothing to change");
      expect(await project.clients()).toEqual(before);

      const states = [...(await backend.states(project.clone.folder))];
      for (const id of ids) {
        const having = states.filter(
          ([place, text]) => !place.endsWith(".backup") && text.includes(`"customers_${id}_`),
        );
        const place = to === 1 ? backend.realm : backend.shard(shardOf(id, to));
        expect(having.map(([each]) => each)).toEqual([place]);
      }

      const [, folder = ""] = /the states before are in (.+)/.exec(output) ?? [];
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
      const names = stacks.map((stack) => `${stack}.tfstate`);
      expect(await readdir(folder)).toEqual(expect.arrayContaining(names));
      const files = names.map((each) => join(folder, each));
      for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
      const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
      for (const id of ids) expect(texts.join("\n")).toContain(`"customers_${id}_`);
    },
  );

  test("leaves every state in a file readable only by its owner, and no secret anywhere", async () => {
    const { folder } = project.clone;
    for (const path of (await stateFiles(folder)).keys())
      expect([path, (await stat(join(folder, path))).mode & 0o777]).toEqual([path, 0o600]);
    const secrets = [...Object.values(await project.secrets()), postgres.password];
    expect(secrets.length).toBeGreaterThan(ids.length);
    const texts = [
      ...(await filesBelow(folder)),
      ...(await backend.states(folder)).values(),
      ...project.clone.outputs,
    ];
    for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  });
});
