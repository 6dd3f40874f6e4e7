import { expect, test } from "@jest/globals";
import { movesText } from "../../../operations/reshard/customer-moves.ts";

const moves = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ id: `c${at + 1}`, from: "realm", to: "customers-1" },
  }));

test("every customer that moves is listed", () => {
  expect(movesText(moves(2))).toBe(
    "c1: realm → customers-1\nc2: realm → customers-1\n2 customers to move",
  );
});

test("of many customers, the first 50 are listed", () => {
  const lines = movesText(moves(1200)).split("\n");
  expect(lines).toHaveLength(52);
  expect(lines.slice(49)).toEqual([
    "c50: realm → customers-1",
    "and 1,150 more",
    "1,200 customers to move",
  ]);
});
