import { describe, expect, test } from "@jest/globals";
import { generateHybridIdentity, identityToRecipient } from "age-encryption";
import { readCustomers } from "../../../configuration/customers.ts";
import { endOfAccess } from "../../../configuration/customers/expiry.ts";
import { todayFrom } from "../../../configuration/customers/today.ts";
import { useEmptyFolder, write } from "../folder.ts";
import { acme, declared, load, message, messageFor } from "./customers-file.ts";

useEmptyFolder();

/** A public key of age, as `age-keygen` prints it. */
const recipient = "age1rwds6jwylty7ccy70hhytaqwyh9rlprdlyajznlarnjrf4lp6qvs2re4k9";

/** A recipient whose last letter is mistyped: another one of the same alphabet. */
const withOtherEnd = (text: string) => text.slice(0, -1) + (text.endsWith("q") ? "p" : "q");

describe("an entry", () => {
  test("has the lifespan of tokens in seconds, and the other fields as they are", () => {
    const fields = {
      expires: "2027-06-30",
      rotation: "2",
      renamedFrom: "old",
      handover: recipient,
    };
    expect(load(acme({ ...fields, tokenLifespan: "2m", tokenBinding: "dpop" }))).toMatchObject([
      { ...fields, rotation: 2, tokenLifespan: 120, tokenBinding: "dpop", enabled: true },
    ]);
  });

  test.each([
    ["30s", 30],
    ["90s", 90],
    ["1h", 3_600],
  ])("accepts the lifespan %s", (tokenLifespan, seconds) => {
    expect(load(acme({ tokenLifespan }))).toMatchObject([{ tokenLifespan: seconds }]);
  });

  test("accepts a post-quantum recipient, and refuses one with a typing error", async () => {
    const handover = await identityToRecipient(await generateHybridIdentity());
    expect(load(acme({ handover }))).toMatchObject([{ handover }]);
    const mistyped = withOtherEnd(handover);
    expect(messageFor(acme({ handover: mistyped }))).toMatch(/ has a typing error; copy it again$/);
  });

  test("is suspended from the day after its last one", () => {
    // the file is loaded on 31 January 2027
    const enabledUntil = (expires: string) => load(acme({ expires }))[0]?.enabled;
    expect(enabledUntil("2027-01-31")).toBe(true);
    expect(enabledUntil("2027-01-30")).toBe(false);
  });

  const lifespan = "a duration from 30s to 1h, such as 2m";
  const day = "write one such as 2027-06-30";
  const idRule = "use a-z, 0-9 and -, start with a letter and do not end with -";
  test.each([
    ["tokenLifespan", "2d", `6:20  `, `"2d" is not ${lifespan}`],
    ["tokenLifespan", "29s", `6:20  `, `"29s" is too short; write ${lifespan}`],
    ["tokenLifespan", "61m", `6:20  `, `"61m" is too long; write ${lifespan}`],
    ["tokenLifespan", "120", `6:20  `, `must be ${lifespan}, not 120`],
    ["tokenLifespan", "", `6:19  `, `is empty; write ${lifespan}`],
    ["expires", "2027-02-29", "6:14  ", `"2027-02-29" is not a day; ${day}`],
    ["expires", "30.06.2027", "6:14  ", `"30.06.2027" is not a day; ${day}`],
    ["expires", "1927-06-30", "6:14  ", `"1927-06-30" is not in this century; ${day}`],
    ["expires", "20270630", "6:14  ", "must be a day, such as 2027-06-30, not 20270630"],
    ["expires", "", "6:13  ", "is empty; write a day, such as 2027-06-30"],
    ["rotation", "0", "6:15  ", "must be a whole number, 1 or more, not 0"],
    ["rotation", "1.5", "6:15  ", "must be a whole number, 1 or more, not 1.5"],
    ["rotation", "9".repeat(20), "6:15  ", "is out of range; write a whole number, 1 or more"],
    ["rotation", '"2"', "6:15  ", 'must be a whole number, 1 or more, not "2"'],
    ["tokenBinding", "DPoP", "6:19  ", 'unknown binding "DPoP"; write dpop'],
    ["tokenBinding", "", "6:18  ", "is empty; write dpop"],
    ["tokenBinding", "true", "6:19  ", "must be dpop, not true"],
    [
      "handover",
      "ssh-ed25519 A",
      "6:15  ",
      '"ssh-ed25519 A" is not a recipient of age; write the customer\'s, such as age1… from age-keygen -y',
    ],
    [
      "handover",
      "age1abc",
      "6:15  ",
      '"age1abc" is not complete, or has a typing error; copy it again',
    ],
    [
      "handover",
      withOtherEnd(recipient),
      "6:15  ",
      `"${withOtherEnd(recipient)}" is not complete, or has a typing error; copy it again`,
    ],
    [
      "handover",
      recipient.replace("w", "b"),
      "6:15  ",
      `"${recipient.replace("w", "b")}" is not complete, or has a typing error; copy it again`,
    ],
    ["handover", "", "6:14  ", "is empty; write a recipient of age, such as age1…"],
    ["renamedFrom", "Old", "6:18  ", `the id "Old" is not allowed; ${idRule}`],
    [
      "renamedFrom",
      "admin-cli",
      "6:18  ",
      'the id "admin-cli" is used by Keycloak or the declaration; choose another',
    ],
    [
      "renamedFrom",
      "atlas-api",
      "6:18  ",
      'the id "atlas-api" is used by Keycloak or the declaration; choose another',
    ],
    [
      "renamedFrom",
      "acme",
      "6:18  ",
      "is the customer's own id; write its previous one, or remove the field",
    ],
    ["renamedFrom", "5", "6:18  ", "must be text, not 5; put it in quotes"],
  ])("is refused with one message per mistake: %s: %s", (field, value, place, problem) => {
    expect(messageFor(acme({ [field]: value }))).toBe(
      message(`${place}customers.acme.${field}: ${problem}`),
    );
  });

  test("is refused if its previous id is still in the file, or of two entries", () => {
    const entry = (id: string, renamedFrom: string) =>
      `  ${id}:\n    {name: A, contact: a@b.example, access: {billing: []}, renamedFrom: ${renamedFrom}}\n`;
    const text = `customers:\n${entry("a", "z")}${entry("b", "a")}${entry("c", "z")}`;
    expect(messageFor(text)).toBe(
      message(
        '5:73  customers.b.renamedFrom: the id "a" is still a customer; remove that entry, or this field',
        '7:73  customers.c.renamedFrom: the id "z" is also the previous id of "a"; keep it in one entry',
      ),
    );
  });
});

describe("the last day of access", () => {
  const warnings = (expires: string, more = {}, today = "2027-01-31") => {
    write("customers.yaml", acme({ expires, ...more }));
    return readCustomers("customers.yaml", declared, today).warnings;
  };
  const place = { line: 6, column: 14, path: "customers.acme.expires" };
  const later = "set a later day, or";

  test.each([
    ["2027-01-31", `access ends at 2027-02-01T00:00:00Z, in less than 1 day; ${later} let it end`],
    [
      "2027-03-02",
      `access ends at 2027-03-03T00:00:00Z, in less than 31 days; ${later} let it end`,
    ],
    [
      "2027-01-30",
      `access ended at 2027-01-31T00:00:00Z, so the customer is suspended; ${later} remove the entry`,
    ],
  ])("is warned of, with the exact instant: %s", (expires, message) => {
    expect(warnings(expires)).toEqual([{ ...place, message }]);
  });

  test("is not warned of if it is more than 30 days away, or if the customer is suspended", () => {
    expect(warnings("2027-03-03")).toEqual([]);
    expect(warnings("2027-01-31", { enabled: "false" })).toEqual([]);
  });

  test("ends at the end of a leap day and of a year", () => {
    expect(["2028-02-29", "2027-12-31"].map(endOfAccess)).toEqual([
      "2028-03-01T00:00:00Z",
      "2028-01-01T00:00:00Z",
    ]);
  });
});

describe("today", () => {
  test("is the day of TODAY, or else the current one in UTC", () => {
    expect(todayFrom({ TODAY: "2027-06-30" })).toBe("2027-06-30");
    expect(todayFrom({ TODAY: "" })).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  test("is refused if it is no day", () => {
    expect(() => todayFrom({ TODAY: "tomorrow" })).toThrow(
      'TODAY: "tomorrow" is not a day; write one such as 2027-06-30',
    );
  });
});
