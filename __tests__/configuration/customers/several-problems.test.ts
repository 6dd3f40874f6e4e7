import { describe, expect, test } from "@jest/globals";
import { loadCustomers } from "../../../configuration/customers.ts";
import { InvalidFileError } from "../../../configuration/yaml/problems.ts";
import { useEmptyFolder, write } from "../folder.ts";
import { acme, declared, knownFields, message, messageFor } from "./customers-file.ts";

useEmptyFolder();

describe("several problems", () => {
  test("reports all problems of structure and values at once, in the order of the file", () => {
    const text = `customers:
  acme: &anchor
    name: 5
    name: Acme
    contact: api
    access: {atlas-api: [order:read]}
  globex: *anchor
  acme: {}
  Initech:
    owner: !!str soon
other: 1
`;
    expect(messageFor(text)).toBe(
      message(
        "3:5    customers.acme: anchors (&) are not allowed; write the value out, or put it in quotes",
        "3:11   customers.acme.name: must be text, not 5; put it in quotes",
        '4:5    customers.acme.name: the field "name" is already used on line 3',
        '5:14   customers.acme.contact: "api" is not an e-mail address; write one such as api@example.com',
        '6:26   customers.acme.access.atlas-api[0]: unknown permission "order:read"; did you mean "orders:read"?',
        "7:11   customers.globex: aliases (*) are not allowed; write the value out, or put it in quotes",
        '8:3    customers.acme: the id "acme" is already used on line 2',
        '9:3    customers.Initech: the id "Initech" is not allowed; use a-z, 0-9 and -, start with a letter and do not end with -',
        '9:3    customers.Initech: "name" is missing; add name: Acme Corp',
        '9:3    customers.Initech: "contact" is missing; add contact: api@example.com',
        '9:3    customers.Initech: "access" is missing; add access: {atlas-api: [orders:read]}',
        `10:5   customers.Initech.owner: unknown field "owner"; known: ${knownFields}`,
        '10:18  customers.Initech.owner: the tag "!!str" is not allowed; remove it',
        '11:1   other: unknown field "other"; known: "customers"',
      ),
    );
  });

  test("reports a hundred problems at once", () => {
    const entries = Array.from(
      { length: 100 },
      (_, index) => `  c${index}: {name: A, contact: x, access: {billing: []}}\n`,
    );
    const lines = Array.from({ length: 100 }, (_, index) => {
      const column = 23 + String(index).length + 2;
      const place = `customers.yaml:${index + 2}:${column}`.padEnd("customers.yaml:101:25".length);
      return `  ${place}  customers.c${index}.contact: "x" is not an e-mail address; write one such as api@example.com`;
    });
    expect(messageFor(`customers:\n${entries.join("")}`)).toBe(
      ["customers.yaml is not valid: 100 problems", ...lines].join("\n"),
    );
  });

  test("reports problems as data too", () => {
    write("customers.yaml", acme({ contact: "x" }));
    const expected = new InvalidFileError("customers.yaml", []);
    expect(() => loadCustomers("customers.yaml", declared)).toThrow(
      expect.objectContaining({
        constructor: expected.constructor,
        exitStatus: 1,
        file: "customers.yaml",
        problems: [
          {
            line: 4,
            column: 14,
            path: "customers.acme.contact",
            message: '"x" is not an e-mail address; write one such as api@example.com',
          },
        ],
      }),
    );
  });
});
