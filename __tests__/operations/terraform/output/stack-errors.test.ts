import { expect, test } from "@jest/globals";
import { explanations, oneError } from "../../../../operations/terraform/output/stack-errors.ts";
import { FailedError, RefusedError, UnavailableError } from "../../../../text/errors.ts";

const refused = { name: "customers-1", error: new RefusedError("refused") };
const away = { name: "customers-2", error: new UnavailableError("away") };
const unexpected = { name: "realm", error: new TypeError("unexpected") };

test("the errors of several stacks are one, which names each stack", () => {
  expect(oneError([refused, away], 4)).toEqual(
    new FailedError("customers-1: refused\ncustomers-2: away"),
  );
  expect(oneError([refused], 4)).toEqual(new RefusedError("customers-1: refused"));
  expect(oneError([away], 4)).toBeInstanceOf(UnavailableError);
});

test("the error of the only stack is as it is", () => {
  expect(oneError([refused], 1)).toBe(refused.error);
});

test("an error that nobody expects comes first, and the others can be printed before it", () => {
  expect(oneError([refused, unexpected, away], 4)).toBe(unexpected.error);
  expect(explanations([refused, unexpected, away])).toEqual([
    "customers-1: refused",
    "customers-2: away",
  ]);
});
