import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { readPlain } from "../../../configuration/yaml/plain.ts";
import { locatedYaml } from "../../../configuration/yaml/yaml.ts";

/** The outcome of the reader with locations, as text: its value, or its problems. */
function locatedOutcome(text: string): string {
  try {
    const { value, problems } = locatedYaml("a.yaml", text, undefined);
    return problems.length === 0 ? JSON.stringify(value) : JSON.stringify(problems);
  } catch (error) {
    return String(error);
  }
}

/** Whether the quick reader reads another value than the reader with locations, or reads a text with problems. */
function isReadDifferently(text: string): boolean {
  const value = readPlain(text);
  return value !== undefined && JSON.stringify(value) !== locatedOutcome(text);
}

/** Values and keys, of which the quick reader refuses many. */
const words = [
  ...'\u00a0a,a\u2028b,\ufeff,\ta,a\r,\u0085,A\u0301,🏳️‍🌈,a\u0000b,"a\u0000b"'.split(","),
  ...String.raw`a ¦ Acme Corp ¦ orders:read ¦ api@acme.example ¦ 2027-06-30 ¦ 2m ¦ 1 ¦ 0 ¦ 12 ¦ 007 ¦ 0x1f ¦ 0o17 ¦ 1e3 ¦ 1_000 ¦ 1.5 ¦ -1
+1 ¦ .5 ¦ .inf ¦ 1:30 ¦ 2027-06-30T00:00:00Z ¦ true ¦ True ¦ null ¦ NULL ¦ ~ ¦ yes ¦ << ¦ __proto__ ¦ constructor ¦ kty ¦ d
Müller & Söhne ¦ 株式会社 ¦ O'Brien ¦ Acme, Inc. ¦ a: b ¦ a #b ¦ a#b ¦ a :b ¦ a: ¦ https://a.example/b?c=d ¦ "a b" ¦ 'a b' ¦ "a\nb"
'a''b' ¦ "a ¦ "a" b ¦ "{" ¦ &a ¦ *a ¦ !a ¦ !!str a ¦ | ¦ >- ¦ @a ¦ %a ¦ ? a ¦ [] ¦ {} ¦ [a, b] ¦ [ a ] ¦ [a,b] ¦ [a, ] ¦ [,]
[a: b] ¦ {a: 1, b: [c]} ¦ {a: 1, a: 2} ¦ {a} ¦ {a: } ¦ {a:1} ¦ {"a": 1} ¦ [a ¦ a] ¦ } ¦ - a ¦ - ¦ --- a ¦ --- ¦ ...
AGE-SECRET-KEY-1 ¦ MC4CAQAwBQYDK2VwBCIEIPrivateprivateprivateprivateprivate ¦ {kty: OKP, d: a}`.split(
    / ¦ |\n/,
  ),
];

/** Places of a word in a document. */
const places =
  String.raw`a: W ¦ a: W # c ¦ a: W#c ¦ W: a ¦ W: ¦ W ¦ - W ¦ a:\n  - W ¦ a:\n  - W\n  - b ¦ a:\n- W ¦ a:\n  W ¦ a: [W]
a: [b, W] ¦ a: [W,b] ¦ a: [W b] ¦ a: [[W]] ¦ a: {b: W} ¦ a: {W: b} ¦ a: {b: W, c: d} ¦ a: {b: c}W ¦ a: {b: c, b: W} ¦ a: W\nb: c
a: W\n  b ¦ a: b\n  W ¦ a: b\n  W: c ¦ a: b\nW ¦ a:\n  b: W\n  c: d ¦ W\na: b ¦ a: b\na: W`
    .split(/ ¦ |\n/)
    .map((place) => place.replaceAll(String.raw`\n`, "\n"));

const keys = "true null x1 1 'a' \"b\" kty ? << é c-d e.f G_h".split(" ");
const some = <T>(often: readonly T[], ...seldom: readonly T[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...often) },
    { weight: 1, arbitrary: fc.constantFrom(...seldom) },
  );

/** Lines of which most are plain. */
const line = fc
  .tuple(
    some([0, 0, 2, 2, 2, 4], 6, 1, 3),
    some(
      ["a:", "b:", "c:", "- "],
      ...keys.map((key) => `${key}:`),
      "a :",
      "-",
      "",
      "#",
      "---",
      "...",
    ),
    some(["", "", "x", "[x]"], ...words),
    some([""], " # c", " #", "#c", "  # - a: [", " # -----BEGIN PRIVATE KEY-----", "  "),
  )
  .map(
    ([indentation, start, text, after]) =>
      `${" ".repeat(indentation)}${start}${text && " "}${text}${after}`,
  );
const lines = fc.array(line, { minLength: 1, maxLength: 6 }).map((all) => all.join("\n"));

const insertions = "¦\n¦ ¦  ¦:¦: ¦#¦ #¦-¦- ¦,¦[¦]¦{¦}¦\"¦'¦&¦a¦1¦\t¦\r".split("¦");

/** YAML as a program writes it, with a change of a few characters. */
const scalar = fc.oneof(
  fc.constantFrom(...words),
  fc.boolean(),
  fc.integer(),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);
const document = fc
  .tuple(
    fc.object({
      values: [scalar],
      key: fc.constantFrom("a", "b", "acme", "x-1", "name"),
      maxDepth: 3,
      maxKeys: 4,
    }),
    fc.constantFrom(
      {},
      { indent: 4 },
      { flowCollectionPadding: false },
      { indentSeq: false },
      { singleQuote: true },
    ),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...insertions)), { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([data, options, changes, replaces]) => {
    let text = stringify(data, options);
    for (const [at, inserted] of changes) {
      const place = at % (text.length + 1);
      text = text.slice(0, place) + inserted + text.slice(place + (replaces ? 1 : 0));
    }
    return text;
  });

describe("the quick reader", () => {
  test("reads what most files consist of", () => {
    const text = `# yaml-language-server: $schema=./customers.schema.json
customers:
  acme: # a comment
    name: Müller & Söhne, Inc.
    contact: api@acme.example
    access:
      atlas-api: [orders:read, "orders:write"]
      billing: []

    expires: 2027-06-30
    rotation: 2
    enabled: false
  globex:
    access: { atlas-api: [] } # a comment
    auth:
      publicKey:
        - keys/old.pem
        - keys/new.pem
      subject: 'repo:acme/orders:ref:refs/heads/main'
`;
    const expected = {
      acme: {
        name: "Müller & Söhne, Inc.",
        contact: "api@acme.example",
        access: { "atlas-api": ["orders:read", "orders:write"], billing: [] },
        expires: "2027-06-30",
        rotation: 2,
        enabled: false,
      },
      globex: {
        access: { "atlas-api": [] },
        auth: {
          publicKey: ["keys/old.pem", "keys/new.pem"],
          subject: "repo:acme/orders:ref:refs/heads/main",
        },
      },
    };
    expect(readPlain(text)).toEqual({ customers: expected });
  });

  test.each(places)("refuses every word that it would read differently in %j", (place) => {
    const texts = words.map((word) => place.replaceAll("W", () => word));
    expect(texts.filter(isReadDifferently)).toEqual([]);
  });

  test("refuses a text, or reads the same as the reader with locations", () => {
    const property = fc.property(fc.oneof(lines, document), (text) => {
      expect(isReadDifferently(text)).toBe(false);
    });
    fc.assert(property, { numRuns: 5_000 });
  });
});
