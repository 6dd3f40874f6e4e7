import { describe, expect, test } from "@jest/globals";
import { loadCustomers } from "../../../configuration/customers.ts";
import { outcome, useEmptyFolder } from "../folder.ts";
import { acme, declared, load, message, messageFor, withId } from "./customers-file.ts";

useEmptyFolder();

describe("customers", () => {
  test("loads customers in the order of the file, enabled by default", () => {
    const text = `
# yaml-language-server: $schema=./customers.schema.json
customers:
  globex:
    name: Globex GmbH
    contact: integrations@globex.example
    access:
      atlas-api: [orders:read, orders:write]
      billing: []
  acme:
    enabled: false
    access:
      atlas-api:
        - orders:read
    contact: api@acme.example
    name: "  Acme Corp "
`;
    expect(load(text)).toEqual([
      {
        id: "globex",
        name: "Globex GmbH",
        contact: "integrations@globex.example",
        access: { "atlas-api": ["orders:read", "orders:write"], billing: [] },
        enabled: true,
      },
      {
        id: "acme",
        name: "Acme Corp",
        contact: "api@acme.example",
        access: { "atlas-api": ["orders:read"] },
        enabled: false,
      },
    ]);
  });

  test("loads a file without any customer", () => {
    expect(load("customers: {}\n")).toEqual([]);
  });

  test.each([
    ["a", "a"],
    ["a1", "a1"],
    ["a--b", "a--b"],
    ["constructor", "constructor"],
    ["backend", "backend"],
    ["true", "true"],
    ["null", "null"],
    ['"quoted"', "quoted"],
    ["a".repeat(63), "a".repeat(63)],
  ])("accepts the id %s", (written, id) => {
    expect(load(withId(written)).map((customer) => customer.id)).toEqual([id]);
  });

  test.each([
    "Ácme 株式会社",
    "🏳️‍🌈 Pride & Söhne <b>",
    "نام‌ها",
    "yes",
    "2020-01-01",
    "'42'",
    "x".repeat(255),
  ])("accepts the name %s", (name) => {
    expect(load(acme({ name })).map((customer) => customer.name)).toEqual([
      name.replaceAll("'", ""),
    ]);
  });

  test("loads 1,000 customers from a file of 5 MB", () => {
    const entry = (id: number) =>
      `  customer-${id}:\n    name: ${"x".repeat(250)}\n    contact: a@b.example\n    access: {billing: []}\n    # ${"y".repeat(4700)}\n`;
    const text = `customers:\n${Array.from({ length: 1_000 }, (_, id) => entry(id)).join("")}`;
    expect(text.length).toBeGreaterThan(5_000_000);
    expect(load(text)).toHaveLength(1_000);
    expect(messageFor(`${text}  customer-7: {}\n`)).toBe(
      message('5002:3  customers.customer-7: the id "customer-7" is already used on line 37'),
    );
  });
});

describe("empty files", () => {
  test.each([
    ["without text", "", "1:1  is empty"],
    ["only comments", "# a\n# b\n", "1:1  is empty"],
    ["only space", "  \n\n", "1:1  is empty"],
    ["null", "null\n", "1:1  is empty"],
    ["a document start", "---\n", "1:4  is empty"],
    ["customers without a value", "customers:\n", "1:11  customers: is empty"],
    ["customers with null", "customers: null\n", "1:12  customers: is empty"],
  ])("refuses an empty file with a hint at customers: {}: %s", (_, text, problem) => {
    expect(messageFor(text)).toBe(
      message(`${problem}; write customers: {} if there is no customer yet`),
    );
  });

  test("refuses an empty mapping with a hint at customers: {}", () => {
    expect(messageFor("{}\n")).toBe(message('1:1  "customers" is missing; add customers: {}'));
  });
});

test("refuses a missing file with a hint at how to create it", () => {
  expect(outcome(() => loadCustomers("missing.yaml", declared))).toBe(
    'missing.yaml is not valid: 1 problem\n  missing.yaml  there is no such file; create it with "customers: {}", or name another file in CUSTOMERS_FILE',
  );
});
