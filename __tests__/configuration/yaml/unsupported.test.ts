import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { read, reading } from "./reading.ts";

useEmptyFolder();

describe("unsupported YAML", () => {
  const anchors = "anchors (&) are not allowed; write the value out, or put it in quotes";
  const aliases = "aliases (*) are not allowed; write the value out, or put it in quotes";
  const tag = (name: string) => `the tag "${name}" is not allowed; remove it`;
  test.each([
    ["a: &x b\n", `1:7 a: ${anchors}`],
    ["a: &co\n", `1:7 a: ${anchors}`],
    ["&x a: b\n", `1:4 a: ${anchors}`],
    ["a: *x\n", `1:4 a: ${aliases}`],
    ["*x : b\n", `1:1 undefined: ${aliases}`],
    ["a: [b, *x]\n", `1:8 a[1]: ${aliases}`],
    ["a: &x {b: c}\nd:\n  <<: *x\n", `1:7 a: ${anchors}\n3:7 d["<<"]: ${aliases}`],
    ["a: !!str 5\n", `1:10 a: ${tag("!!str")}`],
    ["a: !secret b\n", `1:12 a: ${tag("!secret")}`],
    ["a: !!js/function 'x'\n", `1:18 a: ${tag("!!js/function")}`],
    ["a: !!binary aGVsbG8=\n", `1:13 a: ${tag("!!binary")}`],
    ["a: !!set {b, c}\n", `1:10 a: ${tag("!!set")}`],
    ["a: !!null\n", `1:10 a: ${tag("!!null")}`],
    ["a: ! b\n", `1:6 a: ${tag("!")}`],
    ["!!str a: b\n", `1:7 a: ${tag("!!str")}`],
    ["? [a]\n: b\n", "1:3 undefined: a key must be text, not a list or a mapping"],
    ["a:\n  {b: c}: d\n", "2:3 a: a key must be text, not a list or a mapping"],
    ["__proto__: a\n", '1:1 __proto__: the name "__proto__" is not allowed; choose another'],
    [
      "a: b\na: c\na: d\n",
      '2:1 a: the field "a" is already used on line 1\n3:1 a: the field "a" is already used on line 1',
    ],
    ['42: b\n"42": c\n', '2:1 42: the field "42" is already used on line 1'],
  ])("refuses anchors, aliases, tags and unusual keys: %j", (text, problem) => {
    expect(reading(text)).toBe(problem);
  });

  test("does not expand aliases, so an alias bomb does no harm", () => {
    const layers = Array.from({ length: 30 }, (_, index) =>
      index === 0 ? "l0: &l0 [x, x]\n" : `l${index}: &l${index} [*l${index - 1}, *l${index - 1}]\n`,
    );
    expect(read(layers.join("")).problems).toHaveLength(30 + 2 * 29);
  });
});
