import { expect, test } from "@jest/globals";
import { table } from "../../text/table.ts";

test("aligns columns without trailing spaces", () => {
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

test("prints nothing for no rows", () => {
  expect(table([])).toBe("");
});
