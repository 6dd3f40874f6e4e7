import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { loadEnvironment } from "../../../../../configuration/environment.ts";
import { readWorkTree } from "../../../../../operations/review/base/git/work-tree.ts";
import { Repository } from "../../repository.ts";

const repository = new Repository();
const { folder } = repository;

const environmentWith = (customers: string) => `keycloak: { url: https://login.example.com }
frontend: { redirectUris: [https://app.example.com/] }
state: { type: local }
customers: ${customers}
`;

beforeAll(() => {
  repository.commit("first", {
    "main.ts": "",
    "customers.yaml": "customers: {}\n",
    "environments/test.yaml": environmentWith("customers.yaml"),
  });
  repository.git("tag", "first");
});
afterEach(() => {
  repository.git("update-index", "--no-assume-unchanged", "--no-skip-worktree", "main.ts");
  repository.git("reset", "--quiet", "--hard", "first");
  repository.git("clean", "--quiet", "-dffx");
});
afterAll(() => {
  repository.remove();
});

const read = (environment = "test") =>
  readWorkTree(loadEnvironment({ REALM_ENV: environment }, folder), folder);

const refusal = (message: string) => ({ exitStatus: 2, message: expect.stringContaining(message) });

function replaceWithLink(file: string, target: string): void {
  rmSync(join(folder, file), { recursive: true });
  symlinkSync(target, join(folder, file));
}

describe("the work tree", () => {
  test("may have edits that are not committed", async () => {
    repository.write({ "customers.yaml": "customers: { acme: {} }\n" });
    expect(await read()).toMatchObject({ folder, prefix: "" });
  });

  test.each([
    [
      "is a symbolic link",
      () => {
        replaceWithLink("customers.yaml", "main.ts");
      },
    ],
    [
      "is ignored by Git",
      () => {
        repository.git("rm", "--quiet", "--cached", "customers.yaml");
        repository.write({ ".gitignore": "customers.yaml\n" });
      },
    ],
    ["is not in Git", () => repository.git("rm", "--quiet", "--cached", "customers.yaml")],
    ["is executable", () => repository.git("update-index", "--chmod=+x", "customers.yaml")],
    [
      "has a merge conflict",
      () => {
        repository.git("switch", "--quiet", "-C", "other");
        repository.commit("other", { "customers.yaml": "customers: { a: {} }\n" });
        repository.git("switch", "--quiet", "-C", "main", "first");
        repository.commit("own", { "customers.yaml": "customers: { b: {} }\n" });
        expect(() => repository.git("merge", "other")).toThrow("CONFLICT");
      },
    ],
  ])("is refused if the customers' file %s", async (problem, prepare) => {
    prepare();
    await expect(read()).rejects.toMatchObject(
      refusal(
        `work tree: the customers' file "customers.yaml" ${problem}, so it cannot be compared; `,
      ),
    );
  });

  describe("with the file of a customer's key", () => {
    const named =
      "customers: {acme: {auth: {method: private_key_jwt, publicKey: keys/acme.pem}}}\n";
    const problem = (text: string) =>
      refusal(`work tree: the file with a customer's key "keys/acme.pem" ${text}, so it`);

    test("may have edits of it that are not committed", async () => {
      repository.commit("key", { "customers.yaml": named, "keys/acme.pem": "old" });
      repository.write({ "keys/acme.pem": "new" });
      expect((await read()).keyFiles).toMatchObject([{ file: "keys/acme.pem" }]);
    });

    test("is refused if that is not in Git", async () => {
      repository.write({ "customers.yaml": named, "keys/acme.pem": "new" });
      await expect(read()).rejects.toMatchObject(problem("is not in Git"));
    });

    test("is refused if that is a symbolic link", async () => {
      repository.commit("key", { "customers.yaml": named, "keys/acme.pem": "old" });
      replaceWithLink("keys/acme.pem", "../main.ts");
      await expect(read()).rejects.toMatchObject(problem("is a symbolic link"));
    });
  });

  describe("with a folder of customers", () => {
    const problem = (text: string) =>
      refusal(`work tree: the customers' file "customers/b.yaml" ${text}, so it`);

    beforeEach(() => {
      repository.commit("folder", {
        "environments/test.yaml": environmentWith("customers"),
        "customers/a.yaml": "customers: {}\n",
        "customers/b.yaml":
          "customers: {acme: {auth: {method: private_key_jwt, publicKey: keys/acme.pem}}}\n",
        "keys/acme.pem": "old",
      });
    });

    test("has its files, and the files with keys that they name", async () => {
      repository.write({ "customers/README.md": "not in Git" });
      expect(await read()).toMatchObject({
        customersFiles: [{ file: "customers/a.yaml" }, { file: "customers/b.yaml" }],
        keyFiles: [{ file: "keys/acme.pem" }],
      });
    });

    test.each([
      [
        "is a symbolic link",
        () => {
          replaceWithLink("customers/b.yaml", "a.yaml");
        },
      ],
      [
        "is ignored by Git",
        () => {
          repository.git("rm", "--quiet", "--cached", "customers/b.yaml");
          repository.write({ ".gitignore": "b.yaml\n" });
        },
      ],
      ["is not in Git", () => repository.git("rm", "--quiet", "--cached", "customers/b.yaml")],
    ])("is refused if one of its files %s", async (text, prepare) => {
      prepare();
      await expect(read()).rejects.toMatchObject(problem(text));
    });

    test("is refused if it is a symbolic link", async () => {
      repository.git("mv", "customers", "real");
      symlinkSync("real", join(folder, "customers"));
      await expect(read()).rejects.toMatchObject(
        refusal('file "customers/a.yaml" is below "customers", which is a symbolic link, so it'),
      );
    });
  });

  test.each([
    ["committed", true],
    ["only in the work tree", false],
  ])("is refused if the customers' file is below a symbolic link, %s", async (_, isCommitted) => {
    repository.commit("moved", {
      "data/customers.yaml": "customers: {}\n",
      "real/customers.yaml": "customers: {}\n",
      "environments/test.yaml": environmentWith("./data/customers.yaml"),
    });
    replaceWithLink("data", "real");
    if (isCommitted) repository.commit("linked");
    await expect(read()).rejects.toMatchObject(
      refusal('file "data/customers.yaml" is below "data", which is a symbolic link, so it'),
    );
  });

  test.each(["../customers.yaml", "data/../../customers.yaml", "/etc/customers.yaml"])(
    "is refused if the customers' file is %s, outside of the project",
    async (file) => {
      repository.write({ "environments/test.yaml": environmentWith(file) });
      await expect(read()).rejects.toMatchObject(
        refusal("is not a relative path in the project's folder, so it cannot be compared; move"),
      );
    },
  );

  test("is refused if Git ignores the environment, because it would always be new", async () => {
    repository.write({
      ".gitignore": "own.yaml\n",
      "environments/own.yaml": environmentWith("customers.yaml"),
    });
    await expect(read("own")).rejects.toMatchObject(
      refusal('work tree: the environment "environments/own.yaml" is ignored by Git'),
    );
  });

  test.each(["--assume-unchanged", "--skip-worktree"])(
    "is refused if Git hides changes of a file because of %s",
    async (option) => {
      repository.git("update-index", option, "main.ts");
      await expect(read()).rejects.toMatchObject(refusal('on them:\n  "main.ts"'));
    },
  );
});
