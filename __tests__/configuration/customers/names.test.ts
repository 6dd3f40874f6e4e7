import { describe, expect, test } from "@jest/globals";
import { readCustomers } from "../../../configuration/customers.ts";
import { useEmptyFolder, write } from "../folder.ts";
import { acme, declared, load, message, messageFor } from "./customers-file.ts";

useEmptyFolder();

describe("names", () => {
  test.each([
    ['""', "is empty; write the customer's name"],
    ['"   "', "is empty; write the customer's name"],
    ["x".repeat(256), "is longer than 255 characters; shorten it"],
    ["x".repeat(100_000), "is longer than 255 characters; shorten it"],
    [
      "'Acme ${var.x}'",
      'the name "Acme ${var.x}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "'100%{if true}'",
      'the name "100%{if true}" contains "%{", which Terraform would evaluate; remove it',
    ],
    ["'$${x}'", 'the name "$${x}" contains "${", which Terraform would evaluate; remove it'],
    [
      "'${TfToken[TOKEN.0]}'",
      'the name "${TfToken[TOKEN.0]}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "'#{TfToken[TOKEN.0]}'",
      'the name "#{TfToken[TOKEN.0]}" contains "#{TfToken[", which cdktf would evaluate; remove it',
    ],
    [
      "'Acme &{TfToken[TOKEN.0]}'",
      'the name "Acme &{TfToken[TOKEN.0]}" contains "&{TfToken[", which cdktf would evaluate; remove it',
    ],
    [
      "'${{ secrets.TOKEN }}'",
      'the name "${{ secrets.TOKEN }}" contains "${", which Terraform would evaluate; remove it',
    ],
    ['"a\\tb"', "contains the invisible character \\u0009; remove it"],
    ['"a\\nb"', "contains the invisible character \\u000a; remove it"],
    ['"a\\x1b[31mb"', "contains the invisible character \\u001b; remove it"],
    ["a\u0007b", "contains the invisible character \\u0007; remove it"],
    ["a\u200Bb", "contains the invisible character \\u200b; remove it"],
    ["a\u202Eb", "contains the invisible character \\u202e; remove it"],
    ["a\u2066b", "contains the invisible character \\u2066; remove it"],
    ["a\u2028b", "contains the invisible character \\u2028; remove it"],
    ["a\uFEFFb", "contains the invisible character \\ufeff; remove it"],
    ["a\u{E0041}b", "contains the invisible character \\u{e0041}; remove it"],
    ['"a\\ud800b"', "contains the invisible character \\ud800; remove it"],
    ["\u3164", "contains the invisible character \\u3164; remove it"],
    ["Acme\u2800", "contains the invisible character \\u2800; remove it"],
    ["\uFFA0Acme", "contains the invisible character \\uffa0; remove it"],
    ["Ac\u034Fme", "contains the invisible character \\u034f; remove it"],
    ["Acme\u17B4", "contains the invisible character \\u17b4; remove it"],
    ["A\uFE0Fcme", "contains the invisible character \\ufe0f; remove it"],
    ["葛\u{E0100}城", "contains the invisible character \\u{e0100}; remove it"],
    ['"Acme\\uE000"', "contains the invisible character \\ue000; remove it"],
    ['"Acme\\uFFFF"', "contains the invisible character \\uffff; remove it"],
    ["Acme\u200D Corp", "contains the invisible character \\u200d; remove it"],
    ["Ac\u200Cme", "contains the invisible character \\u200c; remove it"],
    ["é\u0301\u200Dm", "contains the invisible character \\u200d; remove it"],
    ["شرکت\u200Dها", "contains the invisible character \\u200d; remove it"],
    ["نام\u200C،", "contains the invisible character \\u200c; remove it"],
    ["कम\u200Dल", "contains the invisible character \\u200d; remove it"],
    ["क्\u200Dx", "contains the invisible character \\u200d; remove it"],
    [`Acme${"\u0301".repeat(200)}`, "has 200 combining marks in a row; keep at most 4"],
    ["ệ\u0301\u0308\u030A", "has 5 combining marks in a row; keep at most 4"],
    ["'🚀'", "has no letter or digit; write the name as people say it"],
    ['"--"', "has no letter or digit; write the name as people say it"],
    ["|\n      Acme\n      Corp", "contains the invisible character \\u000a; remove it"],
  ])("refuses the name %j", (name, problem) => {
    expect(messageFor(acme({ name }))).toBe(message(`3:11  customers.acme.name: ${problem}`));
  });

  test.each([
    "Zoë & Sons, Łódź 株式会社",
    "Zoe\u0308 Ltd",
    "株式会社\u3000日立",
    "शक्ति उद्योग",
    "अक्\u200Dषर",
    "रक्\u200Cत",
    "শ্রী র\u200D\u09CDযাব",
    "ශ්\u200Dරී ලංකා",
    "شركة أكمي",
    "شرکت\u200Cهای نام\u200Cآور",
    "مُحَمَّد وشركاه",
    "בֵּית חָרוֹשֶׁת",
    "บริษัท ที่นี่ จำกัด",
    "Công ty Cổ phần Ếch".normalize("NFD"),
    "ООО «Ромашка»",
    "Ελληνικά Α.Ε.",
    "삼성전자",
    "🚀 Rockets",
    "❤\uFE0F Hearts",
    "🏳️‍🌈 Pride",
    "L'Oréal",
    "3M",
    "42",
    "A#{1} &{2}",
  ])("accepts the name %j", (name) => {
    expect(load(acme({ name: JSON.stringify(name) }))[0]?.name).toBe(name);
  });
});

describe("words of letters that look alike", () => {
  const warnings = (name: string) => {
    write("customers.yaml", acme({ name }));
    return readCustomers("customers.yaml", declared).warnings;
  };
  const advice = "letters, which look alike; make sure that it is not another customer's name";

  test.each([
    ["\u0410cme Corp", `the word "\u0410cme" mixes Latin and Cyrillic ${advice}`],
    ["Globex, Acm\u0435-Corp", `the word "Acm\u0435" mixes Latin and Cyrillic ${advice}`],
    ["\u0391cme", `the word "\u0391cme" mixes Latin and Greek ${advice}`],
    ["\u0391\u0441", `the word "\u0391\u0441" mixes Cyrillic and Greek ${advice}`],
  ])("are reported with their place: %s", (name, message) => {
    expect(warnings(name)).toEqual([{ line: 3, column: 11, path: "customers.acme.name", message }]);
  });

  test.each(["Acme Ромашка", "Zoë 株式会社", "µTorrent", "Ромашка", "Αθήνα Ltd"])(
    "are not reported if each word is of one script: %s",
    (name) => {
      expect(warnings(name)).toEqual([]);
    },
  );
});
