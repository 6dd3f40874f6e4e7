import { describe, expect, test } from "@jest/globals";
import { loadCustomers } from "../../configuration/customers.ts";
import { InvalidFileError } from "../../configuration/yaml/problems.ts";
import { outcome, useEmptyFolder, write } from "./folder.ts";

useEmptyFolder();

const declared = {
  apis: { "atlas-api": ["orders:read", "orders:write"], billing: [] },
  frontends: { "atlas-frontend": { "atlas-api": [] } },
};

const load = (text: string) => {
  write("customers.yaml", text);
  return loadCustomers("customers.yaml", declared);
};

const messageFor = (text: string): string => outcome(() => load(text));

/** The message about a file with the given problems, each without the file's name. */
const message = (...problems: string[]): string => {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [
    `customers.yaml is not valid: ${count}`,
    ...problems.map((p) => `  customers.yaml:${p}`),
  ].join("\n");
};

/** A file with the customer `acme`, some of its fields replaced. */
const acme = (fields: Readonly<Record<string, string | undefined>> = {}): string => {
  const all: Record<string, string | undefined> = {
    name: "Acme",
    contact: "api@acme.example",
    access: "{atlas-api: [orders:read]}",
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`    ${name}:${value === "" ? "" : ` ${value}`}\n`],
  );
  return `customers:\n  acme:\n${lines.join("")}`;
};

/** A file with one customer of the given id. */
const withId = (id: string): string => acme().replace("acme:", `${id}:`);

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

const wantedFields = "a mapping (name, contact, access, enabled)";
const wantedAccess = "a mapping of APIs to permissions, such as {atlas-api: [orders:read]}";
const wantedList = "a list, such as [orders:read, orders:write]";
const wantedEntries = "a mapping of client ids to customers";

describe("types", () => {
  test.each([
    ["hello\n", '1:1  must be a mapping (customers), not "hello"'],
    ["- a\n- b\n", "1:1  must be a mapping (customers), not a list"],
    ["42\n", "1:1  must be a mapping (customers), not 42"],
    ["customers: []\n", `1:12  customers: must be ${wantedEntries}, not a list`],
    ["customers:\n  - acme\n", `2:3  customers: must be ${wantedEntries}, not a list`],
    ["customers: acme\n", `1:12  customers: must be ${wantedEntries}, not "acme"`],
    ["customers:\n  acme:\n", `2:8  customers.acme: is empty; write ${wantedFields}`],
    ["customers:\n  acme: Acme\n", `2:9  customers.acme: must be ${wantedFields}, not "Acme"`],
    ["customers:\n  acme: [a]\n", `2:9  customers.acme: must be ${wantedFields}, not a list`],
    ["customers:\n  acme: 5\n", `2:9  customers.acme: must be ${wantedFields}, not 5`],
    [
      "customers:\n  acme:\n    name:Acme\n",
      `3:5  customers.acme: must be ${wantedFields}, not "name:Acme"; put a space after the ":"`,
    ],
    [acme({ name: "" }), "3:10  customers.acme.name: is empty; write text"],
    [acme({ name: "42" }), "3:11  customers.acme.name: must be text, not 42; put it in quotes"],
    [acme({ name: "true" }), "3:11  customers.acme.name: must be text, not true; put it in quotes"],
    [acme({ name: ".nan" }), "3:11  customers.acme.name: must be text, not NaN; put it in quotes"],
    [
      acme({ name: "1e400" }),
      "3:11  customers.acme.name: must be text, not Infinity; put it in quotes",
    ],
    [acme({ name: "[Acme]" }), "3:11  customers.acme.name: must be text, not a list"],
    [acme({ name: "{a: b}" }), "3:11  customers.acme.name: must be text, not a mapping"],
    [
      acme({ name: "{a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}}" }),
      "3:11  customers.acme.name: must be text, not a mapping",
    ],
    [acme({ contact: "" }), "4:13  customers.acme.contact: is empty; write text"],
    [acme({ contact: "5" }), "4:14  customers.acme.contact: must be text, not 5; put it in quotes"],
    [acme({ contact: "[a@b.example]" }), "4:14  customers.acme.contact: must be text, not a list"],
    [acme({ access: "" }), `5:12  customers.acme.access: is empty; write ${wantedAccess}`],
    [
      acme({ access: "atlas-api" }),
      `5:13  customers.acme.access: must be ${wantedAccess}, not "atlas-api"`,
    ],
    [
      acme({ access: "[atlas-api]" }),
      `5:13  customers.acme.access: must be ${wantedAccess}, not a list`,
    ],
    [
      acme({ access: "{atlas-api: }" }),
      `5:25  customers.acme.access.atlas-api: is empty; write ${wantedList}`,
    ],
    [
      acme({ access: "{atlas-api: orders:read}" }),
      `5:25  customers.acme.access.atlas-api: must be ${wantedList}, not "orders:read"`,
    ],
    [
      acme({ access: "{atlas-api: {orders: read}}" }),
      `5:25  customers.acme.access.atlas-api: must be ${wantedList}, not a mapping`,
    ],
    [
      acme({ access: "{atlas-api: true}" }),
      `5:25  customers.acme.access.atlas-api: must be ${wantedList}, not true`,
    ],
    [
      acme({ access: "{atlas-api: [1]}" }),
      "5:26  customers.acme.access.atlas-api[0]: must be text, not 1; put it in quotes",
    ],
    [
      acme({ access: "{atlas-api: [~]}" }),
      "5:26  customers.acme.access.atlas-api[0]: is empty; write text",
    ],
    [
      acme({ access: "{atlas-api: [orders: read]}" }),
      "5:26  customers.acme.access.atlas-api[0]: must be text, not a mapping",
    ],
    [
      acme({ access: "{atlas-api: [[[[[[[[orders:read]]]]]]]]}" }),
      "5:26  customers.acme.access.atlas-api[0]: must be text, not a list",
    ],
    [
      acme({ access: "{billing: [1]}" }),
      "5:24  customers.acme.access.billing[0]: must be text, not 1; put it in quotes",
    ],
    [acme({ enabled: "" }), "6:13  customers.acme.enabled: is empty; write true or false"],
    [acme({ enabled: "yes" }), '6:14  customers.acme.enabled: must be true or false, not "yes"'],
    [
      acme({ enabled: '"true"' }),
      '6:14  customers.acme.enabled: must be true or false, not "true"',
    ],
    [acme({ enabled: "1" }), "6:14  customers.acme.enabled: must be true or false, not 1"],
    [
      acme({ enabled: "[true]" }),
      "6:14  customers.acme.enabled: must be true or false, not a list",
    ],
  ])("refuses a value of the wrong type: %j", (text, problem) => {
    expect(messageFor(text)).toBe(message(problem));
  });
});

describe("fields", () => {
  test.each([
    ["name", '2:3  customers.acme: "name" is missing; add name: Acme Corp'],
    ["contact", '2:3  customers.acme: "contact" is missing; add contact: api@example.com'],
    ["access", '2:3  customers.acme: "access" is missing; add access: {atlas-api: [orders:read]}'],
  ])("reports a missing field with an example: %s", (name, problem) => {
    expect(messageFor(acme({ [name]: undefined }))).toBe(message(problem));
  });

  const known = 'known: "name", "contact", "access", "enabled"';
  test.each([
    [
      "auth",
      "{method: private_key_jwt}",
      `6:5  customers.acme.auth: unknown field "auth"; ${known}`,
    ],
    [
      "tokenLifespan",
      "2m",
      `6:5  customers.acme.tokenLifespan: unknown field "tokenLifespan"; ${known}`,
    ],
    ["expires", "2027-06-30", `6:5  customers.acme.expires: unknown field "expires"; ${known}`],
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

describe("names", () => {
  test.each([
    ['""', "is empty; write the customer's name"],
    ['"   "', "is empty; write the customer's name"],
    ["x".repeat(256), "is longer than 255 characters; shorten it"],
    ["x".repeat(100_000), "is longer than 255 characters; shorten it"],
    [
      "'Acme ${var.x}'",
      'the name "Acme ${var.x}" contains "${", which Terraform would evaluate; remove it',
    ],
    [
      "'100%{if true}'",
      'the name "100%{if true}" contains "%{", which Terraform would evaluate; remove it',
    ],
    ["'$${x}'", 'the name "$${x}" contains "${", which Terraform would evaluate; remove it'],
    [
      "'${TfToken[TOKEN.0]}'",
      'the name "${TfToken[TOKEN.0]}" contains "${", which Terraform would evaluate; remove it',
    ],
    ['"a\\tb"', "contains the invisible character \\u0009; remove it"],
    ['"a\\nb"', "contains the invisible character \\u000a; remove it"],
    ['"a\\x1b[31mb"', "contains the invisible character \\u001b; remove it"],
    ["a\u0007b", "contains the invisible character \\u0007; remove it"],
    ["a\u200Bb", "contains the invisible character \\u200b; remove it"],
    ["a\u202Eb", "contains the invisible character \\u202e; remove it"],
    ["a\u2066b", "contains the invisible character \\u2066; remove it"],
    ["a\u2028b", "contains the invisible character \\u2028; remove it"],
    ["a\uFEFFb", "contains the invisible character \\ufeff; remove it"],
    ["a\u{E0041}b", "contains the invisible character \\u{e0041}; remove it"],
    ['"a\\ud800b"', "contains the invisible character \\ud800; remove it"],
    ["|\n      Acme\n      Corp", "contains the invisible character \\u000a; remove it"],
  ])("refuses the name %j", (name, problem) => {
    expect(messageFor(acme({ name }))).toBe(message(`3:11  customers.acme.name: ${problem}`));
  });
});

describe("contacts", () => {
  const like = "write one such as api@example.com";
  test.each([
    ["acme.example", `"acme.example" is not an e-mail address; ${like}`],
    ['""', `"" is not an e-mail address; ${like}`],
    ["a@b", `"a@b" is not an e-mail address; ${like}`],
    ["mailto:a@b.example", `"mailto:a@b.example" is not an e-mail address; ${like}`],
    ['" a@b.example"', `" a@b.example" is not an e-mail address; ${like}`],
    ['"a@b.example, c@d.example"', `"a@b.example, c@d.example" is not an e-mail address; ${like}`],
    ['"a@b.example\\n"', `"a@b.example\\n" is not an e-mail address; ${like}`],
    ["'${x}@b.example'", `"\${x}@b.example" is not an e-mail address; ${like}`],
    ["'%{x}@b.example'", `"%{x}@b.example" is not an e-mail address; ${like}`],
    [`${"a".repeat(250)}@b.example`, "is longer than 254 characters; shorten it"],
  ])("refuses the contact %j", (contact, problem) => {
    expect(messageFor(acme({ contact }))).toBe(message(`4:14  customers.acme.contact: ${problem}`));
  });
});

describe("access", () => {
  const known = 'known: "atlas-api", "billing"';
  test.each([
    ["{}", '13  customers.acme.access: names no API; name at least one of "atlas-api", "billing"'],
    [
      "{atlas-ap: [orders:read]}",
      '14  customers.acme.access.atlas-ap: unknown API "atlas-ap"; did you mean "atlas-api"?',
    ],
    ["{stock: []}", `14  customers.acme.access.stock: unknown API "stock"; ${known}`],
    [
      "{constructor: []}",
      `14  customers.acme.access.constructor: unknown API "constructor"; ${known}`,
    ],
    [
      "{atlas-frontend: []}",
      `14  customers.acme.access.atlas-frontend: unknown API "atlas-frontend"; ${known}`,
    ],
    [
      "{atlas-api: [order:read]}",
      '26  customers.acme.access.atlas-api[0]: unknown permission "order:read"; did you mean "orders:read"?',
    ],
    [
      "{atlas-api: [Orders:Read]}",
      '26  customers.acme.access.atlas-api[0]: unknown permission "Orders:Read"; did you mean "orders:read"?',
    ],
    [
      "{atlas-api: [admin]}",
      '26  customers.acme.access.atlas-api[0]: unknown permission "admin"; atlas-api has "orders:read", "orders:write"',
    ],
    [
      '{atlas-api: [""]}',
      '26  customers.acme.access.atlas-api[0]: unknown permission ""; atlas-api has "orders:read", "orders:write"',
    ],
    [
      "{billing: [orders:read]}",
      '24  customers.acme.access.billing[0]: unknown permission "orders:read"; billing has none',
    ],
    [
      "{atlas-api: [orders:read, orders:read]}",
      '39  customers.acme.access.atlas-api[1]: the permission "orders:read" is listed twice; remove one',
    ],
  ])("refuses the access %j", (access, problem) => {
    expect(messageFor(acme({ access }))).toBe(message(`5:${problem}`));
  });

  test("reports each of several problems of access once", () => {
    expect(
      messageFor(
        acme({ access: "{atlas-api: [nope, orders:read, orders:read, nope], stock: []}" }),
      ),
    ).toBe(
      message(
        '5:26  customers.acme.access.atlas-api[0]: unknown permission "nope"; atlas-api has "orders:read", "orders:write"',
        '5:45  customers.acme.access.atlas-api[2]: the permission "orders:read" is listed twice; remove one',
        '5:58  customers.acme.access.atlas-api[3]: unknown permission "nope"; atlas-api has "orders:read", "orders:write"',
        `5:65  customers.acme.access.stock: unknown API "stock"; ${known}`,
      ),
    );
  });
});

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
    expires: !!str soon
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
        '10:5   customers.Initech.expires: unknown field "expires"; known: "name", "contact", "access", "enabled"',
        '10:20  customers.Initech.expires: the tag "!!str" is not allowed; remove it',
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

test("refuses a missing file with a hint at how to create it", () => {
  expect(outcome(() => loadCustomers("missing.yaml", declared))).toBe(
    'missing.yaml is not valid: 1 problem\n  missing.yaml  there is no such file; create it with "customers: {}", or name another file in CUSTOMERS_FILE',
  );
});
