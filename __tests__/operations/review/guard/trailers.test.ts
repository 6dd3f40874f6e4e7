import { afterAll, describe, expect, test } from "@jest/globals";
import { commitsSince, trailersIn } from "../../../../operations/review/guard/trailers/trailers.ts";
import { Repository } from "../repository.ts";

const read = (message: string, isMerge = false) =>
  trailersIn(message, { isMerge }).map(({ key, value }) => `${key}: ${value}`);

describe("trailers", () => {
  test("count in the last paragraph, whatever the case of their key, besides others", () => {
    expect(
      read(
        "Remove\n\nWhy.\n\nAllow-removal: acme, globex\nallow-REMOVAL: scope orders:read\nAllow-many: 12\nSigned-off-by: A <a@b>\n",
      ),
    ).toEqual([
      "Allow-removal: acme, globex",
      "Allow-removal: scope orders:read",
      "Allow-many: 12",
    ]);
  });

  test("may be folded, and may end their lines as on Windows", () => {
    expect(
      read("x\r\n\r\nAllow-removal: acme,\r\n globex\r\nAllow-new-secret:\r\n\thooli"),
    ).toEqual(["Allow-removal: acme, globex", "Allow-new-secret: hooli"]);
  });

  test.each([
    ["before the last paragraph", "x\n\nAllow-removal: acme\n\nmore text"],
    ["in the subject", "Allow-removal: acme"],
    ["in the lines of the subject", "x\nAllow-removal: acme"],
    ["inside a sentence", "x\n\nwe write Allow-removal: acme here"],
    ["in a quoted line", "x\n\n> Allow-removal: acme"],
    ["in an indented line", "x\n\n    Allow-removal: acme"],
    ["with another key", "x\n\nAllow-removals: acme\nDisallow-removal: acme"],
    ["with another separator", "x\n\nAllow-removal= acme\nAllow-removal #acme"],
    ["without a space after the colon", "x\n\nAllow-removal:acme"],
    ["in prose next to a real trailer", "x\n\nas in\nAllow-removal: acme\nSigned-off-by: A <a@b>"],
    ["below prose", "x\n\nThis is about:\nwhy it is needed\nAllow-removal: acme"],
  ])("do not count %s", (_, message) => {
    expect(read(message)).toEqual([]);
  });

  test("of a merge count only below other text, because its only text is the pull request's title", () => {
    expect(read("Merge pull request #1\n\nAllow-removal: acme", true)).toEqual([]);
    expect(read("Merge pull request #1\n\nRemove acme\n\nAllow-removal: acme", true)).toEqual([
      "Allow-removal: acme",
    ]);
  });
});

describe("the commits since a base", () => {
  const repository = new Repository();
  afterAll(() => {
    repository.remove();
  });

  test("have their parents, author and overrides, whatever the local configuration says", async () => {
    repository.git("config", "trailer.separators", "=:");
    repository.git("config", "trailer.allow.key", "Allow-removal");
    repository.git("config", "log.showSignature", "true");
    const base = repository.commit("old\n\nAllow-removal: old");
    const first = repository.commit("a\n\nAllow-many: 3\nAllow-many: 7\nAllow-many: -1");
    const author = "Ünal\u001b[1m <x@y.example>";
    repository.git(
      "commit",
      "--quiet",
      "--allow-empty",
      `--author=${author}`,
      "-m",
      "b\n\nallow= x",
    );
    const head = repository.git("rev-parse", "HEAD");
    expect(await commitsSince(base, repository.folder)).toEqual([
      {
        commit: head,
        parents: [first],
        author: "Ünal\u001b[1m",
        allowed: { names: new Set(), many: 0 },
      },
      { commit: first, parents: [base], author: "Test", allowed: { names: new Set(), many: 7 } },
    ]);
    expect(await commitsSince(head, repository.folder)).toEqual([]);
  });

  test("are merges if they have two parents, so that a pull request's title allows nothing", async () => {
    const base = repository.git("rev-parse", "HEAD");
    repository.git("checkout", "--quiet", "-b", "branch");
    const branch = repository.commit("on a branch");
    repository.git("checkout", "--quiet", "main");
    const message = "Merge pull request #1\n\nAllow-removal: acme";
    repository.git("merge", "--quiet", "--no-ff", "branch", "-m", message);
    expect((await commitsSince(base, repository.folder))[0]).toMatchObject({
      parents: [base, branch],
      allowed: { names: new Set(), many: 0 },
    });
  });
});
