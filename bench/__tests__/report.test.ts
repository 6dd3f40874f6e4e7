import { describe, expect, test } from "@jest/globals";
import { markdownOf } from "../compare/report/markdown.ts";
import { plotOf } from "../compare/report/plot.ts";
import { cellOf, growthOf } from "../compare/report/ratios.ts";
import { withSection } from "../compare/report/section.ts";
import type { Figure, Results } from "../compare/results.ts";
import { tooSlow } from "../compare/too-slow.ts";
import type { Work } from "../compare/work.ts";

const selection = { work: "add one", customers: 10, quantity: "seconds" } as const;

describe("a comparison", () => {
  test("takes the median of the samples, and compares it with the best peer", () => {
    expect(cellOf(results(), selection, "ours")).toEqual({ median: 2, ratio: 0.5 });
    expect(cellOf(results(), selection, "slow peer")).toEqual({ median: 8, ratio: 2 });
  });

  test("has no ratio without a peer that does the same work", () => {
    const found = cellOf(results(), { ...selection, work: "verify" }, "ours");
    expect(found).toEqual({ median: 1, ratio: undefined });
  });

  test("has no cell for what was not measured", () => {
    expect(cellOf(results(), { ...selection, customers: 100 }, "slow peer")).toBeUndefined();
  });

  test("shows how the time to add one customer grows", () => {
    expect(growthOf(results(), "ours")).toEqual({ from: 10, to: 100, ratio: 1.5 });
    expect(growthOf(results(), "slow peer")).toBeUndefined();
  });
});

describe("the table", () => {
  const lines = markdownOf(results(), "plot.svg")
    .split("\n")
    .filter((line) => line.startsWith("|"));

  test("has a column for each contender, and a row for each work and number of customers", () => {
    expect(lines.slice(0, 5)).toEqual([
      "| work | customers | ours | peer | slow peer |",
      "| --- | --- | --- | --- | --- |",
      "| add one | 10 | 2.0 (0.50) | 4.0 (1.00) | 8.0 (2.00) |",
      "| add one | 100 | 3.0 | – | – |",
      "| verify | 10 | 1.0 | – | – |",
    ]);
  });

  test("is followed by the reasons why something was not measured", () => {
    expect(markdownOf(results(), "plot.svg")).toMatch(/- peer, 100 customers: it failed$/);
  });
});

describe("the plot", () => {
  test("has equal distances between powers of ten", () => {
    const name = "ours";
    const points = [1, 10, 100].map((x) => [x, x] as const);
    const plot = plotOf("title", { x: "x", y: "y" }, [{ name, points }]);
    const [, places = ""] = / points="([^"]+)"/.exec(plot) ?? [];
    const [first, second, third] = places.split(" ").map((place) => place.split(",").map(Number));
    for (const axis of [0, 1])
      expect((first?.[axis] ?? 0) + (third?.[axis] ?? 0)).toBeCloseTo(2 * (second?.[axis] ?? 0), 0);
  });

  test("names its lines, also with characters that XML reserves", () => {
    expect(plotOf("", { x: "", y: "" }, [{ name: "a < b & c", points: [] }])).toContain(
      ">a &lt; b &amp; c<",
    );
  });
});

describe("a contender is left out", () => {
  const contenders = [{ name: "fast" }, { name: "slow" }, { name: "failed" }];
  const round = (customers: number, seconds: Readonly<Record<string, number>>) => ({
    figures: Object.entries(seconds).map(([name, each]) =>
      figure(name, [each], "first deploy", customers),
    ),
  });
  const first = round(10, { fast: 5, slow: 5, failed: 5 });

  test("if its first deploy failed before, or would take too long", () => {
    const second = round(100, { fast: 10, slow: 200 });
    expect(tooSlow(contenders, [first, second], 1_000)).toEqual(["slow", "failed"]);
  });

  test("not because of what it takes once, however many customers there are", () => {
    const second = round(20, { fast: 5, slow: 5, failed: 5 });
    expect(tooSlow(contenders, [first, second], 10_000)).toEqual([]);
  });

  test("not before it has shown what a customer costs", () => {
    expect(tooSlow(contenders, [], 1_000)).toEqual([]);
    expect(tooSlow(contenders, [first], 10_000)).toEqual([]);
  });
});

describe("the section of a page", () => {
  test("is replaced, and the rest of the page stays", () => {
    const page = "before\n<!-- begin: x -->\nold\n<!-- end: x -->\nafter\n";
    const replaced = "before\n<!-- begin: x -->\n\nnew\n\n<!-- end: x -->\nafter\n";
    expect(withSection(page, "x", "new")).toBe(replaced);
    expect(withSection(replaced, "x", "new")).toBe(replaced);
  });

  test("has to be there", () => {
    expect(() => withSection("<!-- begin: x -->", "x", "new")).toThrow(/no section/);
  });
});

function results(): Results {
  return {
    ...{ date: "2026-01-01", provider: "embedded", machine: "a machine", load: [0, 1] },
    versions: { Keycloak: "26.7.4" },
    contenders: [
      { name: "ours", isPeer: false },
      { name: "peer", isPeer: true },
      { name: "slow peer", isPeer: true },
    ],
    sizes: [10, 100],
    figures: [
      figure("ours", [9, 1, 2]),
      figure("ours", [3], "add one", 100),
      figure("ours", [1], "verify"),
      figure("peer", [4]),
      figure("slow peer", [8]),
    ],
    leftOut: [{ contender: "peer", customers: 100, reason: "it failed" }],
  };
}

function figure(
  contender: string,
  seconds: readonly number[],
  work: Work = "add one",
  customers = 10,
): Figure {
  return {
    ...{ contender, customers, work },
    samples: seconds.map((each) => ({ seconds: each, megabytes: 1, requests: 1, eventRows: 0 })),
  };
}
