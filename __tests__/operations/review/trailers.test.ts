import { afterAll, describe, expect, test } from "@jest/globals";
import { allowedByTrailers } from "../../../operations/review/guard/trailers.ts";
import { Repository } from "./repository.ts";

const repository = new Repository();
afterAll(() => {
  repository.remove();
});

const before = repository.commit("old\n\nAllow-removal: old\nAllow-many: 99");
const read = (base: string) => allowedByTrailers(base, repository.folder);

const after = async (message: string) => {
  const base = repository.git("rev-parse", "HEAD");
  repository.commit(message);
  return read(base);
};

const nothing = { removals: [], replacements: [], many: 0 };

describe("trailers", () => {
  test("of a commit", async () => {
    const message =
      "Remove\n\nWhy.\n\nAllow-removal: acme\nallow-REMOVAL: scope orders:read\nAllow-many: 12";
    expect(await after(message)).toEqual({
      removals: ["acme", "scope orders:read"],
      replacements: [],
      many: 12,
    });
  });

  test.each([
    ["before the last paragraph", "x\n\nAllow-removal: acme\n\nmore text"],
    ["in the subject", "Allow-removal: acme"],
    ["inside of a sentence", "x\n\nwe say Allow-removal: acme here"],
    ["that are quoted", "x\n\n> Allow-removal: acme"],
    ["with another key", "x\n\nAllow-removals: acme\nDisallow-removal: acme"],
    ["with a number that is none", "x\n\nAllow-many: many\nAllow-many: -1\nAllow-many: 1e9"],
  ])("%s are none", async (_, message) => {
    expect(await after(message)).toEqual(nothing);
  });

  test("fold, repeat and add up over commits; the largest number counts", async () => {
    const base = repository.git("rev-parse", "HEAD");
    repository.commit("a\n\nAllow-many: 3\nAllow-replacement: acme");
    repository.commit("b\n\nAllow-many: 7\nAllow-replacement:\n globex\nAllow-many: 5");
    expect(await read(base)).toEqual({ ...nothing, replacements: ["globex", "acme"], many: 7 });
  });

  test("of the base and before it do not count", async () => {
    const base = repository.git("rev-parse", "HEAD");
    expect(await read(base)).toEqual(nothing);
    expect((await read(before)).removals).not.toContain("old");
  });
});
