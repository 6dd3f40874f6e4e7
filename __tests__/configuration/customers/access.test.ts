import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { acme, message, messageFor } from "./customers-file.ts";

useEmptyFolder();

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
    [
      "{atlas-api: [{toString: x}]}",
      "26  customers.acme.access.atlas-api[0]: must be text, not a mapping",
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
