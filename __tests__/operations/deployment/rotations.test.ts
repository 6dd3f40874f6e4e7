import { expect, test } from "@jest/globals";
import { refuseEndingSecrets } from "../../../operations/deployment/rotations.ts";

const ending = { id: "acme", number: 2, endsAtOnce: true };

test("refuses rotations that end a secret that works now, and names the option for these only", () => {
  const pending = [
    ending,
    { id: "globex", number: 2, endsAtOnce: false },
    { ...ending, id: "zoe" },
  ];
  expect(() => {
    refuseEndingSecrets(pending);
  }).toThrow(/of "acme", "zoe"; no secret is replaced\n[^]*--allow-new-secret 'acme, zoe'$/);
});

test("names the first 50 of many, and asks for fewer at a time", () => {
  const pending = Array.from({ length: 1_200 }, (_, at) => ({ ...ending, id: `c${at + 1}` }));
  const deploy = () => {
    refuseEndingSecrets(pending);
  };
  expect(deploy).toThrow(/of "c1", [^]*"c50" and 1,150 more; no secret is replaced/);
  expect(deploy).toThrow(/, c50'\nthese are the first 50; raise the rotation of at most 50/);
});

test("accepts what is allowed, and what has an overlap", () => {
  const pending = [ending, { id: "globex", number: 2, endsAtOnce: false }];
  expect(() => {
    refuseEndingSecrets(pending, (id) => id === "acme");
  }).not.toThrow();
});
