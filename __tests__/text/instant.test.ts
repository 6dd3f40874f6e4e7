import { expect, test } from "@jest/globals";
import { instantText } from "../../text/instant.ts";

test("an instant is in UTC, without a fraction", () => {
  expect(instantText(1_800_000_000)).toBe("2027-01-15T08:00:00Z");
  expect(instantText(1_800_000_000.999)).toBe("2027-01-15T08:00:00Z");
});
