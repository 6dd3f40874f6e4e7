import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CommitHistory } from "../../../../operations/review/guard/trailers/history.ts";
import { InvalidDeclarationError, UnavailableError } from "../../../../text/errors.ts";
import { Repository } from "../repository.ts";
import { side } from "../synthesized-sides.ts";

const repository = new Repository();
const full = side({});
const empty = side({ customers: {} });
const commits: Record<string, string> = {};
let asked: string[] = [];

const history = (workTreeChanged: boolean, last = full) =>
  CommitHistory.open(
    {
      base: { commit: commits.base ?? "", side: full },
      head: { commit: commits.head ?? "", workTreeChanged, side: last },
      declarationOf: ({ commit }) => {
        asked.push(commit);
        if (commit === commits.broken) throw new InvalidDeclarationError("not valid");
        if (commit === commits.away) throw new UnavailableError("npm is away");
        return Promise.resolve(empty);
      },
    },
    repository.folder,
  );

const removedBetween = async (found: CommitHistory, from: string, to: string) => {
  asked = [];
  const losses = await found.lossesBetween(commits[from] ?? "", commits[to] ?? "");
  return losses?.counted.filter(({ effect }) => effect === "removed").length;
};

beforeAll(() => {
  commits.base = repository.commit("base", { "customers.yaml": "all" });
  commits.broken = repository.commit("broken", { "main.ts": "x" });
  commits.away = repository.commit("away", { "package-lock.json": "{}" });
  commits.removal = repository.commit("removal", { "customers.yaml": "none" });
  commits.documents = repository.commit("documents", { "docs/page.md": "text" });
  commits.head = repository.commit("head", { "other/names.json": "[]" });
  commits.workTree = "";
});

afterAll(() => {
  repository.remove();
});

describe("the commits of a change", () => {
  test("are synthesized once, and only if they are no end of it", async () => {
    const found = await history(false, empty);
    expect(found.commits.map(({ commit }) => commit)).toEqual(
      ["head", "documents", "removal", "away", "broken"].map((name) => commits[name]),
    );
    expect(await removedBetween(found, "documents", "head")).toBe(0);
    expect(asked).toEqual([commits.documents]);
    expect(await removedBetween(found, "removal", "documents")).toBe(0);
    expect(await removedBetween(found, "base", "removal")).toBe(5);
    expect(asked).toEqual([]);
  });

  test("have no losses if one is not valid, and an error if something is unavailable", async () => {
    const found = await history(false);
    expect(await removedBetween(found, "broken", "head")).toBeUndefined();
    await expect(found.lossesBetween(commits.away ?? "", commits.head ?? "")).rejects.toThrow(
      "npm is away",
    );
  });

  test("start with the work tree if it has changes", async () => {
    const found = await history(true, empty);
    expect(found.commits.slice(0, 2)).toMatchObject([
      { commit: "", parents: [commits.head] },
      { commit: commits.head },
    ]);
    expect(await removedBetween(found, "head", "workTree")).toBe(0);
    expect(asked).toEqual([commits.head]);
  });
});
