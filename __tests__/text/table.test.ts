import { expect, test } from "@jest/globals";
import { table } from "../../text/table.ts";

test("columns are aligned, and lines end with their text", () => {
  expect(
    table([
      ["customer", "token", ""],
      ["acme", "ok", "3 s"],
      ["globex-international", "none", ""],
    ]),
  ).toBe(
    [
      "  customer              token",
      "  acme                  ok     3 s",
      "  globex-international  none",
    ].join("\n"),
  );
});

test("no rows are no lines", () => {
  expect(table([])).toBe("");
});
