import { expect, test } from "@jest/globals";
import { expiringCustomers } from "../../operations/expiring.ts";

const customer = (id: string, expires?: string) => ({
  ...{ id, name: id, contact: `api@${id}.example`, enabled: true, access: {} },
  ...(expires === undefined ? {} : { expires }),
});

test("customers are announced from 30 days before their last day until that day, the next end first", () => {
  const customers = [
    customer("ever"),
    customer("later", "2027-03-31"),
    customer("last", "2027-03-30"),
    customer("today", "2027-02-28"),
    customer("over", "2027-02-27"),
  ];
  expect(expiringCustomers(customers, "2027-02-28")).toEqual([
    { id: "today", expires: "2027-02-28", end: "2027-03-01T00:00:00Z" },
    { id: "last", expires: "2027-03-30", end: "2027-03-31T00:00:00Z" },
  ]);
});
