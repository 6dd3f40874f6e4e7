import { afterAll, describe, expect, test } from "@jest/globals";
import { allowedByTrailers } from "../../../operations/review/guard/trailers.ts";
import { Repository } from "./repository.ts";

const repository = new Repository();
afterAll(() => {
  repository.remove();
});

const first = repository.commit("old\n\nAllow-removal: old\nAllow-many: 99");
const allowedSince = (base: string) => allowedByTrailers(base, repository.folder);

const allowedByCommit = async (message: string) => {
  const base = repository.git("rev-parse", "HEAD");
  repository.commit(message);
  return allowedSince(base);
};

const nothing = { removals: [], replacements: [], many: 0 };

describe("trailers", () => {
  test("of a commit count, whatever their case", async () => {
    const message =
      "Remove\n\nWhy.\n\nAllow-removal: acme\nallow-REMOVAL: scope orders:read\nAllow-many: 12";
    expect(await allowedByCommit(message)).toEqual({
      removals: ["acme", "scope orders:read"],
      replacements: [],
      many: 12,
    });
  });

  test.each([
    ["before the last paragraph", "x\n\nAllow-removal: acme\n\nmore text"],
    ["in the subject", "Allow-removal: acme"],
    ["inside a sentence", "x\n\nwe write Allow-removal: acme here"],
    ["in a quoted line", "x\n\n> Allow-removal: acme"],
    ["with another key", "x\n\nAllow-removals: acme\nDisallow-removal: acme"],
    ["with a value that is not a number", "x\n\nAllow-many: many\nAllow-many: -1\nAllow-many: 1e9"],
  ])("do not count %s", async (_, message) => {
    expect(await allowedByCommit(message)).toEqual(nothing);
  });

  test("of several commits add up, folded lines included, and the largest number counts", async () => {
    const base = repository.git("rev-parse", "HEAD");
    repository.commit("a\n\nAllow-many: 3\nAllow-replacement: acme");
    repository.commit("b\n\nAllow-many: 7\nAllow-replacement:\n globex\nAllow-many: 5");
    expect(await allowedSince(base)).toEqual({
      ...nothing,
      replacements: ["globex", "acme"],
      many: 7,
    });
  });

  test("do not count in the base and before it", async () => {
    const base = repository.git("rev-parse", "HEAD");
    expect(await allowedSince(base)).toEqual(nothing);
    expect((await allowedSince(first)).removals).not.toContain("old");
  });
});
