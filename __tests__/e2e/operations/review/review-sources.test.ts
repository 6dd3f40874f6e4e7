import { generateKeyPairSync } from "node:crypto";
import { cpSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  customersWith,
  environmentWith,
  mainWith,
  ReviewedProject,
  three,
} from "../../support/projects/reviewed-project.ts";

const project = new ReviewedProject();
const { base, folder } = project;
const short = base.slice(0, 7);

afterEach(() => {
  project.git("checkout", "--quiet", "--force", "main");
  project.reset();
});
afterAll(() => {
  project.remove();
});

/** What a review prints that refuses to compare. */
const refusal = (message: string) => ({ exitCode: 2, stdout: "", stderr: message });
const removed = ["not-suspended"];

/** Replaces customers.yaml with a symbolic link. */
function linkCustomers(target: string): void {
  rmSync(join(folder, "customers.yaml"));
  symlinkSync(target, join(folder, "customers.yaml"));
}

describe("in the work tree, a customers' file", () => {
  test("is refused if it is a symbolic link", async () => {
    project.write({ "all.yaml": customersWith(...three) });
    linkCustomers("all.yaml");
    project.commit("link");
    expect(await project.reviewSince(base)).toEqual(
      refusal(
        'work tree: the customers\' file "customers.yaml" is a symbolic link, so it cannot be compared; replace it with the file, and git add it',
      ),
    );
  });

  test("is refused below a symbolic link", async () => {
    project.write({
      "real/customers.yaml": customersWith(...three),
      "environments/production.yaml": environmentWith("customers: data/customers.yaml"),
    });
    symlinkSync("real", join(folder, "data"));
    project.commit("move");
    expect(await project.reviewSince(base)).toEqual(
      refusal(
        'work tree: the customers\' file "data/customers.yaml" is below "data", which is a symbolic link, so it cannot be compared; name the file by the path that it really has',
      ),
    );
  });

  test("is refused if Git ignores it, although HEAD is the base", async () => {
    project.git("rm", "--quiet", "--cached", "customers.yaml");
    project.edit(".gitignore", (text) => `${text}customers.yaml\n`);
    const head = project.commit("ignore");
    project.write({ "customers.yaml": customersWith("globex", "initech") });
    expect(await project.reviewSince(head)).toEqual(
      refusal(
        'work tree: the customers\' file "customers.yaml" is ignored by Git, so it cannot be compared; remove it from .gitignore, and git add it',
      ),
    );
    rmSync(join(folder, "customers.yaml"));
  });
});

describe("at the base, a customers' file", () => {
  test("is refused if it is a symbolic link whose text is YAML", async () => {
    linkCustomers("customers: {}");
    const linked = project.commit("link");
    rmSync(join(folder, "customers.yaml"));
    project.commit("without acme", { "customers.yaml": customersWith("globex", "initech") });
    expect(await project.reviewSince(linked)).toEqual(
      refusal(
        `the base "${linked}" (${linked.slice(0, 7)}): the customers' file "customers.yaml" is a symbolic link, so it cannot be compared; name another commit with --base`,
      ),
    );
  });

  test("is refused if it is missing, although the environment exists", async () => {
    project.git("rm", "--quiet", "customers.yaml");
    const without = project.commit("remove");
    project.commit("again", { "customers.yaml": customersWith("globex", "initech") });
    expect((await project.reviewSince(without)).stderr).toContain(
      'the customers\' file "customers.yaml" is not in Git',
    );
  });

  test("is refused if CUSTOMERS_FILE names one that only the work tree has", async () => {
    project.commit("new", { "all.yaml": customersWith("globex", "initech") });
    const { exitCode, stderr } = await project.reviewSince(base, { CUSTOMERS_FILE: "all.yaml" });
    expect(stderr).toBe(
      `the base "${base}" (${short}): the customers' file "all.yaml" is not in Git, so it cannot be compared; name the file in the environment instead of CUSTOMERS_FILE, so that each side has its own`,
    );
    expect(exitCode).toBe(2);
  });

  test("is the one that the base's environment names, even if only the base's code can read that", async () => {
    project.git("rm", "--quiet", "customers.yaml");
    const moved = project.commit("move", {
      "data/c.yaml": customersWith(...three),
      "environments/production.yaml": environmentWith("customers: data/c.yaml"),
    });
    project.edit("configuration/environment.ts", (text) =>
      text.replace(
        "  state: stateBackendSchema,",
        "  state: stateBackendSchema,\n  team: z.string(),",
      ),
    );
    project.commit("without acme", {
      "customers.yaml": customersWith("globex", "initech"),
      "environments/production.yaml": environmentWith("team: orders"),
    });
    const json = await project.jsonSince(moved);
    expect(json.customers).toMatchObject({ before: 3, removed: [{ id: "acme" }], added: [] });
    expect(json.refused.map(({ code }) => code)).toEqual(removed);
  });
});

describe("a folder of customers", () => {
  const moved = {
    "environments/production.yaml": environmentWith("customers: customers"),
    "customers/a.yaml": customersWith("acme", "globex"),
    "customers/b.yaml": customersWith("initech"),
  };

  test("that replaces the file is no change, and neither is the way back", async () => {
    project.git("rm", "--quiet", "customers.yaml");
    const head = project.commit("move", moved);
    const { stdout, json } = await project.reviewWithJsonSince(base);
    expect(stdout).toContain("Nothing changes in the declaration.");
    expect(json.editsReview).toEqual([]);
    project.git("rm", "--quiet", "-r", "customers");
    project.commit("back", {
      "customers.yaml": customersWith(...three),
      "environments/production.yaml": environmentWith(),
    });
    expect((await project.reviewSince(head)).stdout).toContain(
      "Nothing changes in the declaration.",
    );
  });

  test("is compared file by file, by the code of the base too", async () => {
    const before = project.commit("move", moved);
    project.git("rm", "--quiet", "customers/a.yaml");
    project.commit("change", { "customers/c.yaml": customersWith("globex", "hooli") });
    const expected = { before: 3, removed: [{ id: "acme" }], added: [{ id: "hooli" }] };
    expect((await project.jsonSince(before)).customers).toMatchObject(expected);
    project.commit("code", { "cli/new.ts": "" });
    expect((await project.jsonSince(before)).customers).toMatchObject(expected);
  });
});

describe("the file of a customer's key", () => {
  const { publicKey } = generateKeyPairSync("ed25519");
  const pem = publicKey.export({ format: "pem", type: "spki" }) as string;
  const auth = "    auth: { method: private_key_jwt, publicKey: keys/acme.pem }\n";

  test("is read at the base, also after it was removed, and decides nothing about the review", async () => {
    const before = project.commit("key", {
      "customers.yaml": customersWith("acme") + auth,
      "keys/acme.pem": pem,
    });
    project.git("rm", "--quiet", "keys/acme.pem");
    project.commit("secret", { "customers.yaml": customersWith("acme") });
    const json = await project.jsonSince(before);
    expect(json.customers).toMatchObject({ before: 1, added: [], removed: [] });
    expect(json.editsReview).toEqual([]);
  });

  test("is refused at the base if it is a symbolic link", async () => {
    symlinkSync(join(folder, "main.ts"), join(folder, "acme.pem"));
    const linked = project.commit("link", {
      "customers.yaml": customersWith("acme") + auth.replace("keys/", ""),
    });
    rmSync(join(folder, "acme.pem"));
    project.commit("secret", { "customers.yaml": customersWith("acme") });
    expect(await project.reviewSince(linked)).toEqual(
      refusal(
        `the base "${linked}" (${linked.slice(0, 7)}): the file with a customer's key "acme.pem" is a symbolic link, so it cannot be compared; name another commit with --base`,
      ),
    );
  });
});

describe("another environment", () => {
  const rename = (from: string, to: string) => {
    project.git("mv", `environments/${from}.yaml`, `environments/${to}.yaml`);
  };

  test("is compared with the one that it is a copy of", async () => {
    const stateOf = (text: string) => text.replace("type: local", "type: pg");
    project.edit("environments/production.yaml", stateOf);
    const before = project.commit("state");
    project.commit("copy", {
      "environments/prod.yaml": stateOf(environmentWith()),
      "customers.yaml": customersWith("globex", "initech"),
    });
    const json = await project.jsonSince(before, { REALM_ENV: "prod" });
    expect(json.comparedWith).toEqual({ environment: "production", folder: null });
    expect(json.refused.map(({ code }) => code)).toEqual(removed);
  });

  test("is new if it is a copy with a realm of its own", async () => {
    const shared = environmentWith().replace("type: local", "type: pg");
    const before = project.commit("state", {
      "main.ts": mainWith().replace('realm: "atlas"', "realm: process.env.REALM_ENV ?? ''"),
      "environments/production.yaml": shared,
    });
    project.commit("copy", { "environments/staging.yaml": shared });
    const { stdout, exitCode } = await project.reviewSince(before, { REALM_ENV: "staging" });
    expect(stdout).toMatch(/^Declares the realm `staging`/);
    expect(exitCode).toBe(0);
  });

  test("is compared with the only one that is gone, and the report names that", async () => {
    rename("production", "prod");
    project.commit("rename", { "customers.yaml": customersWith("globex", "initech") });
    const { stdout, json } = await project.reviewWithJsonSince(base, { REALM_ENV: "prod" });
    expect(json.comparedWith).toEqual({ environment: "production", folder: null });
    expect(json.customers).toMatchObject({ removed: [{ id: "acme" }], added: [] });
    expect(json.refused.map(({ code }) => code)).toEqual(removed);
    expect(stdout).toContain(
      `The environment \`prod\` is compared with \`production\` of \`${base}\` (${short}).`,
    );
  });
});

describe("a moved project", () => {
  let moved: ReviewedProject;
  beforeEach(() => {
    moved = new ReviewedProject();
  });
  afterEach(() => {
    moved.remove();
  });
  const without = { "realm/customers.yaml": customersWith("globex", "initech") };

  test("is compared with the folder that it came from, and the report names that", async () => {
    moved.moveTo("realm");
    moved.commit("move", without);
    const reviewed = await moved.reviewWithJsonSince(moved.base, {}, "realm");
    const { stdout, stderr, exitCode, json } = reviewed;
    expect(stdout).toContain("Removes the customer `acme`.");
    expect(stdout).toMatch(
      /The project is compared with the one in the folder `\.` of `\w+` \(\w{7}\)\./,
    );
    expect(stderr).toContain("Allow-removal: acme");
    expect(exitCode).toBe(1);
    expect(json.comparedWith).toEqual({ environment: null, folder: "." });
    expect(json.editsReview).toEqual([]);
  });

  test("is compared after the move is committed", async () => {
    moved.moveTo("realm");
    expect(await moved.reviewSince(moved.base, {}, "realm")).toEqual(
      refusal(
        "the project moved to the folder realm; commit that, so that the review can compare it",
      ),
    );
  });

  test("is new if the earlier one is still there and has a state of its own", async () => {
    moved.moveTo("realm");
    const first = moved.commit("move");
    cpSync(join(moved.folder, "realm"), join(moved.folder, "second"), { recursive: true });
    moved.commit("copy");
    const { stdout, exitCode } = await moved.reviewSince(first, {}, "second");
    expect(stdout).toMatch(/^Declares the realm `atlas`, adds the customers /);
    expect(stdout).toContain("so everything is new.");
    expect(exitCode).toBe(0);
  });
});
