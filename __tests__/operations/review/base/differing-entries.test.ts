import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { differingEntries } from "../../../../operations/review/base/differing-entries.ts";

const entry = (id: string, name = id) => `  ${id}:\n    name: ${name}\n`;
const file = (...entries: readonly string[]) => `# ours\ncustomers:\n${entries.join("")}`;
const [a, b, c, d] = ["a", "b", "c", "d"].map((id) => entry(id)) as [
  string,
  string,
  string,
  string,
];

test.each([
  ["an entry is added at the end", [a, b], [a, b, c], [], [c]],
  ["an entry is added at the beginning", [b, c], [a, b, c], [], [a]],
  ["an entry is removed", [a, b, c], [a, c], [b], []],
  ["an entry is changed", [a, b, c], [a, entry("b", "other"), c], [b], [entry("b", "other")]],
  [
    "a line is added to an entry",
    [a, b],
    [`${a}    enabled: false\n`, b],
    [a],
    [`${a}    enabled: false\n`],
  ],
  ["entries change their places", [a, b, c, d], [a, c, b, d], [b, c], [c, b]],
  ["an id gets longer", [a, b, c], [a, entry("bb", "b"), c], [b], [entry("bb", "b")]],
])("only the entries that differ are left if %s", (_, before, after, oneSide, otherSide) => {
  const part = (entries: readonly string[]) =>
    entries.length === 0 ? "customers: {}\n" : `customers:\n${entries.join("")}`;
  expect(differingEntries(file(...before), file(...after))).toEqual([
    part(oneSide),
    part(otherSide),
  ]);
});

test.each([
  ["customers are on one line", "customers: { a: { name: a } }\n"],
  ["the first id is in quotes", 'customers:\n  "a":\n    name: a\n'],
  ["lines end as on Windows", "customers:\r\n  a:\r\n    name: a\r\n"],
  ["there is something before the customers", `others: 1\n${file(a)}`],
])("nothing is left out if %s", (_, text) => {
  expect(differingEntries(text, `${text}# changed\n`)).toBeUndefined();
  expect(differingEntries(file(a), text)).toBeUndefined();
});

type Customers = Readonly<Record<string, unknown>>;
const customersIn = (text: string) => (parse(text) as { customers: Customers }).customers;

const entries = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom("a", "aa", "b", "c", "d", "e"),
    name: fc.constantFrom("One", "Two", "Two: 2"),
    comment: fc.constantFrom("", "# comment\n", "\n", "  # indented\n", "    # deeper\n"),
    access: fc.constantFrom("", "    access:\n      api: [read]\n", "    access: {}\n"),
  }),
  { selector: ({ id }) => id, minLength: 1 },
);
const textOf = (all: readonly { id: string; name: string; comment: string; access: string }[]) =>
  file(
    ...all.map(
      ({ id, name, comment, access }, index) =>
        `${index === 0 ? "" : comment}${entry(id, JSON.stringify(name))}${access}`,
    ),
  );

test("what is left out is the same on both sides, whatever is edited", () => {
  fc.assert(
    fc.property(entries, entries, fc.boolean(), (one, other, isAppended) => {
      const after = isAppended
        ? [...one, ...other.filter(({ id }) => one.every((each) => each.id !== id))]
        : other;
      const texts = [textOf(one), textOf(after)] as const;
      const parts = differingEntries(...texts);
      expect(parts).toBeDefined();
      const [left, right] = (parts ?? texts).map(customersIn) as [Customers, Customers];
      const [whole, wholeAfter] = texts.map(customersIn) as [Customers, Customers];
      const others = (all: Customers, some: Customers) =>
        Object.fromEntries(Object.entries(all).filter(([id]) => !Object.hasOwn(some, id)));
      expect(others(whole, left)).toEqual(others(wholeAfter, right));
      expect(whole).toMatchObject(left);
      expect(wholeAfter).toMatchObject(right);
    }),
  );
});
