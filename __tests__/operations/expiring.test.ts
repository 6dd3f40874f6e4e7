import { expect, test } from "@jest/globals";
import { expiringCustomers } from "../../operations/expiring.ts";

test("customers are announced from 30 days before the end of their access until 30 days after it, the first end first", () => {
  const lastDays = new Map([
    ["later", "2027-03-31"],
    ["last", "2027-03-30"],
    ["today", "2027-02-28"],
    ["over", "2027-02-27"],
    ["month-ago", "2027-01-28"],
    ["long-ago", "2027-01-27"],
  ]);
  expect(expiringCustomers(lastDays, "2027-02-28")).toEqual([
    { id: "month-ago", expires: "2027-01-28", end: "2027-01-29T00:00:00Z", hasEnded: true },
    { id: "over", expires: "2027-02-27", end: "2027-02-28T00:00:00Z", hasEnded: true },
    { id: "today", expires: "2027-02-28", end: "2027-03-01T00:00:00Z", hasEnded: false },
    { id: "last", expires: "2027-03-30", end: "2027-03-31T00:00:00Z", hasEnded: false },
  ]);
});
