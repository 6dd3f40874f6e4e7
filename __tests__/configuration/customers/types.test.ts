import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { acme, message, messageFor } from "./customers-file.ts";

useEmptyFolder();

const wantedFields =
  "a mapping (name, contact, access, enabled, auth, tokenBinding, tokenLifespan, expires, rotation, renamedFrom, handover)";
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
