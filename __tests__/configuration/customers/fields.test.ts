import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { acme, knownFields, message, messageFor } from "./customers-file.ts";

useEmptyFolder();

describe("fields", () => {
  test.each([
    ["name", '2:3  customers.acme: "name" is missing; add name: Acme Corp'],
    ["contact", '2:3  customers.acme: "contact" is missing; add contact: api@example.com'],
    ["access", '2:3  customers.acme: "access" is missing; add access: {atlas-api: [orders:read]}'],
  ])("reports a missing field with an example: %s", (name, problem) => {
    expect(messageFor(acme({ [name]: undefined }))).toBe(message(problem));
  });

  const known = `known: ${knownFields}`;
  test.each([
    ["owner", "Acme", `6:5  customers.acme.owner: unknown field "owner"; ${known}`],
    ["constructor", "1", `6:5  customers.acme.constructor: unknown field "constructor"; ${known}`],
    ['""', "1", `6:5  customers.acme[""]: unknown field ""; ${known}`],
    ["a.b", "1", `6:5  customers.acme["a.b"]: unknown field "a.b"; ${known}`],
    ["42", "1", `6:5  customers.acme.42: unknown field "42"; ${known}`],
    [
      "Enabled",
      "true",
      '6:5  customers.acme.Enabled: unknown field "Enabled"; did you mean "enabled"?',
    ],
    [
      "__proto__",
      "{}",
      '6:5  customers.acme.__proto__: the name "__proto__" is not allowed; choose another',
    ],
  ])("refuses an unknown field: %s", (name, value, problem) => {
    expect(messageFor(`${acme()}    ${name}: ${value}\n`)).toBe(message(problem));
  });

  test("reports a misspelled field as unknown, and not as missing too", () => {
    expect(messageFor(acme({ contact: undefined, contcat: "api@acme.example" }))).toBe(
      message('5:5  customers.acme.contcat: unknown field "contcat"; did you mean "contact"?'),
    );
    expect(messageFor("customer: {}\n")).toBe(
      message('1:1  customer: unknown field "customer"; did you mean "customers"?'),
    );
  });

  test("refuses a field next to customers", () => {
    expect(messageFor("customers: {}\nversion: 1\n")).toBe(
      message('2:1  version: unknown field "version"; known: "customers"'),
    );
  });

  test.each([
    [
      "name",
      `${acme()}    name: Other\n`,
      '6:5  customers.acme.name: the field "name" is already used on line 3',
    ],
    [
      "customers",
      "customers: {}\ncustomers: {}\n",
      '2:1  customers: the field "customers" is already used on line 1',
    ],
    [
      "an API",
      acme({ access: "{billing: [], billing: []}" }),
      '5:27  customers.acme.access.billing: the field "billing" is already used on line 5',
    ],
    [
      "a field in quotes",
      `${acme()}    "name": Other\n`,
      '6:5  customers.acme.name: the field "name" is already used on line 3',
    ],
  ])("refuses a duplicate field: %s", (_, text, problem) => {
    expect(messageFor(text)).toBe(message(problem));
  });
});
