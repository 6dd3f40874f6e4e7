import { describe, expect, test } from "@jest/globals";
import { allowedBy } from "../../../../operations/review/guard/allowed.ts";
import { coveredByTrailers } from "../../../../operations/review/guard/trailers/coverage.ts";
import { lossesOfChange } from "../../../../operations/review/guard/losses/losses.ts";
import { trailersIn } from "../../../../operations/review/guard/trailers/trailers.ts";
import { pairSides, type Side } from "../../../../operations/review/compare/resources/pairs.ts";
import type { Refusal } from "../../../../operations/review/guard/verdict.ts";
import { type Declared, five, report, side } from "../synthesized-sides.ts";

interface TestCommit {
  readonly message: string;
  /** @default the commit before it in the list */
  readonly parents?: readonly string[];
  /** The declaration, or undefined if it is not valid. */
  readonly side: Side | undefined;
}

type Commits = Readonly<Record<string, TestCommit>>;

const without = (...ids: readonly string[]) =>
  side({ customers: Object.fromEntries(Object.entries(five).filter(([id]) => !ids.includes(id))) });

const base = without();

/** What the trailers of commits since the base cover: a line for each refusal. The last commit is HEAD. */
async function verdict(commits: Commits) {
  const names = Object.keys(commits);
  const judged = names.map((commit, index) => ({
    commit,
    author: `author of ${commit}`,
    parents: commits[commit]?.parents ?? [names[index - 1] ?? "base"],
    allowed: allowedBy(
      trailersIn(commits[commit]?.message ?? "", {
        isMerge: (commits[commit]?.parents?.length ?? 1) > 1,
      }),
    ),
  }));
  const asked: string[] = [];
  const sideOf = (commit: string) => {
    asked.push(commit);
    return commit === "base" ? base : commits[commit]?.side;
  };
  const history = {
    commits: judged.reverse(),
    lossesBetween: (from: string, to: string) => {
      const [before, after] = [sideOf(from), sideOf(to)];
      return Promise.resolve(before && after && lossesOfChange(pairSides(before, after)));
    },
  };
  const head = commits[names.at(-1) ?? ""]?.side ?? base;
  const losses = lossesOfChange(pairSides(base, head));
  const trailers = await coveredByTrailers(losses, history);
  const found = report(base, head, { trailers }).verdict;
  const line = ({ code, names: affected }: Refusal) => `${code} ${affected.join(",")}`;
  return {
    refused: found.refused.map(line),
    overridden: found.overridden.map(
      (each) =>
        `${line(each)} by ${each.by.map((source) => (source === "option" ? source : source.commit)).join(",")}`,
    ),
    asked: [...new Set(asked)],
  };
}

const removal = "Remove\n\nAllow-removal: acme";
const refused = { refused: ["not-suspended acme"], overridden: [] };

describe("a trailer", () => {
  test("counts for the change of its own commit, and looks at no more commits than it needs", async () => {
    const commits = {
      first: { message: "First", side: base },
      removal: { message: removal, side: without("acme") },
      last: { message: "Last", side: without("acme") },
    };
    expect(await verdict(commits)).toEqual({
      refused: [],
      overridden: ["not-suspended acme by removal"],
      asked: ["removal", "last", "first"],
    });
  });

  test.each<[string, Commits]>([
    [
      "that was reverted, for a later removal without one",
      {
        removal: { message: removal, side: without("acme") },
        revert: { message: 'Revert "Remove"', side: base },
        accident: { message: "Tidy up", side: without("acme") },
      },
    ],
    [
      "of an older commit that changes something else",
      {
        old: { message: removal, side: base },
        accident: { message: "Tidy up", side: without("acme") },
      },
    ],
    [
      "of a later commit that changes something else",
      {
        accident: { message: "Tidy up", side: without("acme") },
        late: { message: removal, side: without("acme") },
      },
    ],
    [
      "in the title of a pull request",
      {
        accident: { message: "Tidy up", parents: ["base"], side: without("acme") },
        merge: {
          message: "Merge pull request #1\n\nAllow-removal: acme",
          parents: ["base", "accident"],
          side: without("acme"),
        },
      },
    ],
    [
      "in prose next to Signed-off-by",
      {
        accident: {
          message: "Tidy up\n\nno need for\nAllow-removal: acme\nSigned-off-by: A <a@b>",
          side: without("acme"),
        },
      },
    ],
    [
      "of a commit without a valid declaration",
      {
        broken: { message: removal, side: undefined },
        fix: { message: "Fix", side: without("acme") },
      },
    ],
  ])("does not count %s", async (_, commits) => {
    expect(await verdict(commits)).toMatchObject(refused);
  });

  test("counts in a merged branch, and in a merge with other text, against its first parent", async () => {
    const branch = { parents: ["base"], side: without("acme") };
    const meanwhile = { message: "Meanwhile", parents: ["base"], side: base };
    const merge = { parents: ["meanwhile", "branch"], side: without("acme") };
    const inBranch = await verdict({
      branch: { ...branch, message: removal },
      meanwhile,
      merge: { ...merge, message: "Merge\n\nRemove acme" },
    });
    expect(inBranch).toMatchObject({ refused: [], overridden: ["not-suspended acme by branch"] });
    const inMerge = await verdict({
      branch: { ...branch, message: "Remove" },
      meanwhile,
      merge: { ...merge, message: `Merge\n\n${removal}` },
    });
    expect(inMerge).toMatchObject({ refused: [], overridden: ["not-suspended acme by merge"] });
  });

  test("does not count for what a merge removes besides its branches", async () => {
    const commits = {
      branch: { message: removal, parents: ["base"], side: base },
      merge: { message: "Merge\n\nx", parents: ["base", "branch"], side: without("acme") },
    };
    expect(await verdict(commits)).toMatchObject(refused);
    const reverted = {
      branch: { ...commits.branch, side: without("acme") },
      revert: { message: "Revert", side: base },
      merge: { ...commits.merge, parents: ["base", "revert"] },
    };
    expect(await verdict(reverted)).toMatchObject(refused);
  });

  test("covers a customer that an earlier commit suspended and nobody deployed", async () => {
    const suspended = side({ customers: { ...five, acme: { enabled: false } } });
    const commits = {
      suspension: { message: "Suspend", side: suspended },
      removal: { message: removal, side: without("acme") },
    };
    expect(await verdict(commits)).toMatchObject({ refused: [] });
  });

  test("is not looked for if no commit has one for the loss", async () => {
    const commits = {
      other: { message: "Other\n\nAllow-removal: globex", side: base },
      accident: { message: "Tidy up", side: without("acme") },
    };
    expect(await verdict(commits)).toMatchObject({ ...refused, asked: [] });
  });

  test("is found on the other side of a commit without a valid declaration", async () => {
    const commits = {
      removal: { message: removal, side: without("acme") },
      broken: { message: "Oops", side: undefined },
      fix: { message: "Fix", side: without("acme") },
    };
    expect(await verdict(commits)).toMatchObject({ refused: [] });
  });
});

describe("Allow-many", () => {
  const suspended = (...ids: readonly string[]) => {
    const off: Declared["customers"] = Object.fromEntries(
      ids.map((id) => [id, { ...five[id], enabled: false }]),
    );
    return side({ customers: { ...five, ...off } });
  };
  const many = (count: number) => `Suspend\n\nAllow-many: ${count}`;

  test.each([
    [3, []],
    [2, ["many acme,globex,hooli"]],
  ])(
    "%i covers the three customers of its commit, if it is enough: %j",
    async (count, refusals) => {
      const commits = {
        three: { message: many(count), side: suspended("acme", "globex", "hooli") },
      };
      expect((await verdict(commits)).refused).toEqual(refusals);
    },
  );

  test("leaves the customers of other commits, which have to stay within the limits", async () => {
    const two = { message: many(2), side: suspended("acme", "globex") };
    const third = { message: "Third", side: suspended("acme", "globex", "hooli") };
    expect(await verdict({ two, third })).toMatchObject({
      refused: [],
      overridden: ["many acme,globex,hooli by two"],
    });
    const all = suspended("acme", "globex", "hooli", "umbrella");
    expect(await verdict({ two, rest: { message: "Rest", side: all } })).toMatchObject({
      refused: ["many hooli,umbrella"],
    });
  });

  test("does not cover what a later commit takes from the same customers", async () => {
    const read = side({ customers: { ...five, globex: { access: { "atlas-api": [] } } } });
    const commits = {
      access: { message: many(9), side: read },
      removal: {
        message: "Remove\n\nAllow-removal: acme, globex",
        side: without("acme", "globex"),
      },
    };
    expect((await verdict(commits)).refused).toEqual(["many acme,globex"]);
  });
});
