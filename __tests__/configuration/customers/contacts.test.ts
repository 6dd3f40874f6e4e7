import { describe, expect, test } from "@jest/globals";
import { useEmptyFolder } from "../folder.ts";
import { acme, message, messageFor } from "./customers-file.ts";

useEmptyFolder();

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
