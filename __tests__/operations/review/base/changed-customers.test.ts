import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { loadEnvironment } from "../../../../configuration/environment.ts";
import { changedCustomers } from "../../../../operations/review/base/changed-customers.ts";
import { readWorkTree } from "../../../../operations/review/base/git/work-tree.ts";
import { Repository } from "../repository.ts";

const repository = new Repository();
const { folder } = repository;
afterAll(() => {
  repository.remove();
});

const environment = (customers: string) => `keycloak: { url: https://login.example.com }
frontend: { redirectUris: [https://app.example.com/] }
state: { type: local }
customers: ${customers}
`;

/** Makes a commit with nothing but these files and those of a project. */
function base(files: Readonly<Record<string, string>>, customers = "customers.yaml"): string {
  repository.git("rm", "-r", "--quiet", "--force", "--ignore-unmatch", ".");
  rmSync(join(folder, "customers"), { recursive: true, force: true });
  return repository.commit("base", {
    "main.ts": "",
    "environments/test.yaml": environment(customers),
    ...files,
  });
}

async function changedSince(commit: string) {
  const loaded = loadEnvironment({ REALM_ENV: "test" }, folder);
  const tree = await readWorkTree(loaded, folder);
  return changedCustomers({ ref: commit, commit }, loaded, tree);
}

/** The ids of the customers that have changed. */
async function changedIds(commit: string): Promise<string[]> {
  const found = await changedSince(commit);
  if (typeof found === "string") throw new Error(found);
  return [...new Set(found.changed.map(([id]) => id))].sort();
}

const entry = (id: string, fields = "") =>
  `  ${id}: { name: ${id}, contact: a@${id}.example, access: {}${fields} }\n`;
const fileOf = (...entries: readonly string[]) => `customers:\n${entries.join("") || "  {}\n"}`;

/** The name of each customer by id, and a comment before each entry, in the order of the file. */
interface Entries {
  readonly names: Readonly<Record<string, string>>;
  readonly isReversed: boolean;
  readonly comment: string;
}

const names = fc.dictionary(
  fc.constantFrom("acme", "globex", "hooli", "initech", "umbrella"),
  fc.constantFrom("One", "Two"),
);
const entries: fc.Arbitrary<Entries> = fc.record({
  names,
  isReversed: fc.boolean(),
  comment: fc.constantFrom("", "# a comment\n", "\n"),
});

function text(
  { names: all, isReversed, comment }: Entries,
  has: (id: string) => boolean = () => true,
): string {
  const own = Object.entries(all).filter(([id]) => has(id));
  const lines = (isReversed ? own.reverse() : own).map(
    ([id, name]) =>
      `${comment}  ${id}:\n    name: ${name}\n    contact: a@b.example\n    access: {}\n`,
  );
  return fileOf(...lines);
}

const different = (before: Entries, after: Entries) =>
  [...new Set([...Object.keys(before.names), ...Object.keys(after.names)])]
    .filter((id) => before.names[id] !== after.names[id])
    .sort();

describe("the customers that have changed since a base", () => {
  test("are exactly those whose entries differ, after any edit of the file", async () => {
    await fc.assert(
      fc.asyncProperty(entries, entries, async (before, after) => {
        const commit = base({ "customers.yaml": text(before) });
        repository.write({ "customers.yaml": text(after) });
        expect(await changedIds(commit)).toEqual(different(before, after));
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  test("are exactly those whose entries differ, after any edit of files in a folder", async () => {
    const filesOf = (all: Entries, last: string) => ({
      "customers/a.yaml": text(all, (id) => id <= last),
      "customers/b.yaml": text(all, (id) => id > last),
    });
    // a customer may move to the other file
    const last = fc.constantFrom("acme", "hooli", "zzz");
    await fc.assert(
      fc.asyncProperty(entries, entries, last, last, async (before, after, one, other) => {
        const commit = base(filesOf(before, one), "customers");
        repository.write(filesOf(after, other));
        repository.git("add", "--all");
        expect(await changedIds(commit)).toEqual(different(before, after));
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  test("are those of a file that a folder gains or loses", async () => {
    const commit = base(
      { "customers/a.yaml": fileOf(entry("acme")), "customers/b.yaml": fileOf(entry("globex")) },
      "customers",
    );
    rmSync(join(folder, "customers/b.yaml"));
    repository.write({ "customers/c.yaml": fileOf(entry("hooli")) });
    repository.git("add", "--all");
    expect(await changedIds(commit)).toEqual(["globex", "hooli"]);
  });

  test("are found in a file below docs/, too", async () => {
    const commit = base({ "docs/own.yaml": fileOf(entry("acme")) }, "docs/own.yaml");
    repository.write({ "docs/own.yaml": fileOf(entry("acme"), entry("globex")) });
    expect(await changedIds(commit)).toEqual(["globex"]);
  });

  test("have both ids while they are renamed", async () => {
    const commit = base({ "customers.yaml": fileOf(entry("acme")) });
    repository.write({ "customers.yaml": fileOf(entry("globex", ", renamedFrom: acme")) });
    const found = await changedSince(commit);
    expect(found).toMatchObject({
      changed: [
        ["acme", { name: "acme" }],
        ["globex", { renamedFrom: "acme" }],
      ],
    });
  });

  test("include those whose public key has changed, and no other", async () => {
    const signs = (file: string) => `, auth: { method: private_key_jwt, publicKey: ${file} }`;
    const customers = fileOf(
      entry("acme", signs("keys/acme.pem")),
      entry("globex", signs("keys/acme.pem.json")),
      entry("hooli", signs("[keys/hooli.pem, keys/./acme.pem]")),
      entry("initech"),
    );
    const keys = { "keys/acme.pem": "old", "keys/acme.pem.json": "old", "keys/hooli.pem": "old" };
    const commit = base({ "customers.yaml": customers, ...keys });
    repository.write({ "keys/acme.pem": "new" });
    expect(await changedIds(commit)).toEqual(["acme", "hooli"]);
  });

  test("include an entry that is not a mapping of fields, which is refused later", async () => {
    const commit = base({ "customers.yaml": fileOf(entry("acme", ", expires: 2027-06-15")) });
    repository.write({
      "customers.yaml": "customers:\n  acme:\n  hooli: { expires: { toString: 1 } }\n",
    });
    expect(await changedIds(commit)).toEqual(["acme", "hooli"]);
  });

  test("are those that are removed together with their public key", async () => {
    const auth = ", auth: { method: private_key_jwt, publicKey: keys/acme.pem }";
    const commit = base({
      "customers.yaml": fileOf(entry("acme", auth), entry("globex")),
      "keys/acme.pem": "old",
    });
    rmSync(join(folder, "keys/acme.pem"));
    repository.write({ "customers.yaml": fileOf(entry("globex")) });
    expect(await changedIds(commit)).toEqual(["acme"]);
  });
});

describe("the customers whose access has ended since a base", () => {
  const { TODAY, GIT_COMMITTER_DATE } = process.env;
  beforeEach(() => {
    process.env.GIT_COMMITTER_DATE = "2027-06-15T12:00:00Z";
  });
  afterAll(() => {
    for (const [name, value] of Object.entries({ TODAY, GIT_COMMITTER_DATE }))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  });

  test.each([
    ["2027-06-16", ["d14", "d15"]],
    ["2027-06-15", ["d14"]],
    ["2027-06-21", ["d14", "d15", "d20"]],
  ])("are on %s those with a last day from the day before the base on: %j", async (today, ids) => {
    const days = ["13", "14", "15", "20", "30"];
    const dated = days.map((day) => entry(`d${day}`, `, expires: 2027-06-${day}`));
    const commit = base({ "customers.yaml": fileOf(...dated, entry("forever")) });
    process.env.TODAY = today;
    const found = await changedSince(commit);
    expect(found).toMatchObject({ changed: [], ended: ids.map((id) => [id, {}]) });
  });
});

describe("every customer may have changed", () => {
  const customers = { "customers.yaml": fileOf(entry("acme")) };

  test.each([
    ["main.ts", '"main.ts" has changed'],
    ["environments/test.yaml", '"environments/test.yaml" has changed'],
    ["package-lock.json", '"package-lock.json" has changed'],
    ["constructs/customer-client.ts", '"constructs/customer-client.ts" has changed'],
  ])("if %s has", async (file, reason) => {
    const commit = base(customers);
    repository.write({
      [file]: `${file === "environments/test.yaml" ? environment("customers.yaml") : ""}# x\n`,
    });
    expect(await changedSince(commit)).toBe(reason);
  });

  test("if a file of a tool has, even if an entry names it as a key", async () => {
    const auth = ", auth: { method: private_key_jwt, publicKey: package.json }";
    const files = { "customers.yaml": fileOf(entry("acme", auth)), "package.json": "{}" };
    const commit = base(files);
    repository.write({ "package.json": '{ "type": "module" }' });
    expect(await changedSince(commit)).toBe('"package.json" has changed');
  });

  test("if the environment is new", async () => {
    base(customers);
    repository.git("rm", "--quiet", "environments/test.yaml");
    const without = repository.commit("without");
    repository.write({ "environments/test.yaml": environment("customers.yaml") });
    repository.git("add", "--all");
    expect(await changedSince(without)).toBe('"environments/test.yaml" is new');
  });

  test.each([
    ...["README.md", "docs/deploy.md", "__tests__/main.test.ts", ".github/workflows/review.yml"],
    ...["customers.schema.json", ".gitlab-ci.yml", "LICENSE", "environments/other.yaml"],
  ])("but not if %s has, which declares nothing", async (file) => {
    const commit = base(customers);
    repository.write({ [file]: "x\n" });
    expect(await changedIds(commit)).toEqual([]);
  });
});
