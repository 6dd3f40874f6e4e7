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

test("accepts what is allowed, and what has an overlap", () => {
  const pending = [ending, { id: "globex", number: 2, endsAtOnce: false }];
  expect(() => {
    refuseEndingSecrets(pending, (id) => id === "acme");
  }).not.toThrow();
});
