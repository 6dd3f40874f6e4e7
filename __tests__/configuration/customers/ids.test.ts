import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { acme, message, messageFor, withId } from "./customers-file.ts";

useEmptyFolder();

describe("ids", () => {
  const rule = "use a-z, 0-9 and -, start with a letter and do not end with -";
  const long = "a".repeat(64);
  const cut = `${"a".repeat(79)}…`;
  test.each([
    ["Acme", `customers.Acme: the id "Acme" is not allowed; ${rule}`],
    ["toString", `customers.toString: the id "toString" is not allowed; ${rule}`],
    ["1acme", `customers.1acme: the id "1acme" is not allowed; ${rule}`],
    ["42", `customers.42: the id "42" is not allowed; ${rule}`],
    ["0x2A", `customers.0x2A: the id "0x2A" is not allowed; ${rule}`],
    ["~", `customers["~"]: the id "~" is not allowed; ${rule}`],
    ["2020-01-01", `customers.2020-01-01: the id "2020-01-01" is not allowed; ${rule}`],
    ["acme-", `customers.acme-: the id "acme-" is not allowed; ${rule}`],
    ["-acme", `customers.-acme: the id "-acme" is not allowed; ${rule}`],
    ["a_b", `customers.a_b: the id "a_b" is not allowed; ${rule}`],
    ["a.b", `customers["a.b"]: the id "a.b" is not allowed; ${rule}`],
    ["a b", `customers["a b"]: the id "a b" is not allowed; ${rule}`],
    ["ü", `customers["ü"]: the id "ü" is not allowed; ${rule}`],
    ['""', `customers[""]: the id "" is not allowed; ${rule}`],
    ['"acme\\n"', `customers["acme\\n"]: the id "acme\\n" is not allowed; ${rule}`],
    ['"a\\u202Eb"', `customers["a\\u202eb"]: the id "a\\u202eb" is not allowed; ${rule}`],
    ['"${x}"', `customers["\${x}"]: the id "\${x}" is not allowed; ${rule}`],
    [long, `customers.${long}: the id "${long}" is longer than 63 characters; shorten it`],
    [
      "a".repeat(300),
      `customers["${cut}"]: the id "${cut}" is longer than 63 characters; shorten it`,
    ],
    ["__proto__", 'customers.__proto__: the name "__proto__" is not allowed; choose another'],
    ...[
      "account",
      "account-console",
      "admin-cli",
      "broker",
      "realm-management",
      "security-admin-console",
      "deployer",
      "atlas-api",
      "billing",
      "atlas-frontend",
    ].map(
      (id) =>
        [
          id,
          `customers.${id}: the id "${id}" is used by Keycloak or the declaration; choose another`,
        ] as const,
    ),
  ])("refuses the id %j", (id, problem) => {
    expect(messageFor(withId(id))).toBe(message(`2:3  ${problem}`));
  });

  test("refuses a duplicate id at its second and its third place", () => {
    const entry = acme().replace("customers:\n", "");
    expect(messageFor(`customers:\n${entry}${entry}${entry}`)).toBe(
      message(
        '6:3   customers.acme: the id "acme" is already used on line 2',
        '10:3  customers.acme: the id "acme" is already used on line 2',
      ),
    );
  });

  test("reports other problems of an entry whose id it refuses", () => {
    expect(
      messageFor("customers:\n  Acme:\n    name: 5\n    access: {atlas-api: [order:read]}\n"),
    ).toBe(
      message(
        `2:3   customers.Acme: the id "Acme" is not allowed; ${rule}`,
        '2:3   customers.Acme: "contact" is missing; add contact: api@example.com',
        "3:11  customers.Acme.name: must be text, not 5; put it in quotes",
        '4:26  customers.Acme.access.atlas-api[0]: unknown permission "order:read"; did you mean "orders:read"?',
      ),
    );
  });
});
