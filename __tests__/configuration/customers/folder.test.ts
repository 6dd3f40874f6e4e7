import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { fileOfCustomer, loadCustomers, readCustomers } from "../../../configuration/customers.ts";
import { loadEnvironment } from "../../../configuration/environment.ts";
import { outcome, useEmptyFolder, write } from "../folder.ts";
import { acme, declared, knownFields, load, withId } from "./customers-file.ts";

useEmptyFolder();
afterEach(() => {
  rmSync("customers", { recursive: true, force: true });
});

/** Writes files into the folder `customers`. */
function writeFolder(files: Readonly<Record<string, string>>): void {
  mkdirSync("customers", { recursive: true });
  for (const [name, text] of Object.entries(files)) write(`customers/${name}`, text);
}

/** The message about the folder, or else the ids of its customers as JSON. */
function messageFor(files: Readonly<Record<string, string>>, path = "customers"): string {
  writeFolder(files);
  return outcome(() => loadCustomers(path, declared, "2027-01-31").map(({ id }) => id));
}

function message(...problems: string[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`customers/ is not valid: ${count}`, ...problems.map((each) => `  ${each}`)].join("\n");
}

describe("a folder of customers", () => {
  test.each(["customers", "customers/", "./customers"])("is loaded by the path %s", (path) => {
    expect(messageFor({ "b.yaml": withId("bolt"), "a.yaml": acme() }, path)).toBe(
      '["acme","bolt"]',
    );
  });

  test("has the same customers as one file", () => {
    const auth = "{method: federated_jwt, issuer: github, subject: a}";
    const [first, second] = [acme({ auth }), withId("bolt")];
    const expected = load(first + second.replace("customers:\n", ""));
    writeFolder({ "a.yaml": first, "b.yaml": second });
    expect(loadCustomers("customers", declared, "2027-01-31")).toEqual(expected);
  });

  test("has only the customers of visible files that end in .yaml", () => {
    const others = { "README.md": "text", ".b.yaml": withId("bolt"), "b.yaml.orig": "x" };
    expect(messageFor({ "acme.yaml": acme(), ...others })).toBe('["acme"]');
  });

  test("may have files without a customer, but not without the key", () => {
    expect(messageFor({ "a.yaml": "customers: {}\n" })).toBe("[]");
    expect(messageFor({ "a.yaml": "customers: {}\n", "b.yaml": "", "c.yaml": "{}" })).toBe(
      message(
        "customers/b.yaml:1:1  is empty; write customers: {} if there is no customer yet",
        'customers/c.yaml:1:1  "customers" is missing; add customers: {}',
      ),
    );
  });

  test("reports all problems of all files, each with its file", () => {
    const files = {
      "c.yaml": "customers: [\n",
      "b.yaml": `${withId("bolt").replace("orders:read", "order:read")}customer: {}\n`,
      "a.yaml": `${acme({ name: "5", contact: "&a a@b.example" })}    extra: 1\n`,
    };
    expect(messageFor(files)).toBe(
      message(
        "customers/a.yaml:3:11  customers.acme.name: must be text, not 5; put it in quotes",
        "customers/a.yaml:4:17  customers.acme.contact: anchors (&) are not allowed; write the value out, or put it in quotes",
        `customers/a.yaml:6:5   customers.acme.extra: unknown field "extra"; known: ${knownFields}`,
        'customers/b.yaml:5:26  customers.bolt.access.atlas-api[0]: unknown permission "order:read"; did you mean "orders:read"?',
        'customers/b.yaml:6:1   customer: unknown field "customer"; did you mean "customers"?',
        "customers/c.yaml:2:1   a ] is missing before this point",
      ),
    );
  });

  test("refuses an id that two files have, with both places", () => {
    const files = { "a.yaml": withId("bolt"), "b.yaml": acme(), "c.yaml": `# c\n${acme()}` };
    expect(messageFor(files)).toBe(
      message(
        'customers/c.yaml:3:3  customers.acme: the id "acme" is already used in customers/b.yaml:2:3',
      ),
    );
  });

  test("refuses an id that one file has twice, with its line", () => {
    const twice = acme() + acme().replace("customers:\n", "");
    expect(messageFor({ "a.yaml": twice })).toBe(
      message('customers/a.yaml:6:3  customers.acme: the id "acme" is already used on line 2'),
    );
  });

  test("refuses what two customers must not share, also in two files", () => {
    const auth = "{method: federated_jwt, issuer: github, subject: a}";
    const bolt = acme({ auth, renamedFrom: "acme" }).replace("acme:", "bolt:");
    expect(messageFor({ "a.yaml": acme({ auth }), "b.yaml": bolt })).toBe(
      message(
        'customers/b.yaml:6:60  customers.bolt.auth.subject: is also the subject of "acme"; one subject is one customer',
        'customers/b.yaml:7:18  customers.bolt.renamedFrom: the id "acme" is still a customer; remove that entry, or this field',
      ),
    );
  });

  test("refuses files and folders that look like customers but are not read", () => {
    const files = { "acme.yml": acme(), "b.YAML": acme(), "team/c.yaml": acme(), "d.yaml": acme() };
    writeFolder(files);
    mkdirSync("customers/x.yaml");
    symlinkSync("team", "customers/link");
    const fix = "does not end in .yaml, so no customer is read from it; rename it";
    const folder = "is a folder, in which no customer is read; move its files to customers/";
    expect(messageFor({}, "./customers")).toBe(
      message(
        `customers/acme.yml  ${fix}`,
        `customers/b.YAML    ${fix}`,
        `customers/link      ${folder}`,
        `customers/team      ${folder}`,
        `customers/x.yaml    ${folder}`,
      ),
    );
  });

  test.each([
    ["without any file", {}],
    ["with other files only", { "README.md": "text" }],
  ])("is refused %s", (_, files) => {
    expect(messageFor(files)).toBe(
      message(
        'customers/  has no file that ends in .yaml; write "customers: {}" in one if there is no customer yet',
      ),
    );
  });

  test("gives warnings their files", () => {
    writeFolder({ "a.yaml": acme(), "b.yaml": withId("bolt").replace("Acme", "\u0410cme") });
    expect(readCustomers("customers", declared).warnings).toEqual([
      expect.objectContaining({ file: "customers/b.yaml", line: 3, column: 11 }),
    ]);
  });

  test("tells the file of a customer, and itself for one that only main.ts declares", () => {
    writeFolder({ "a.yaml": acme(), "b.yaml": withId("bolt") });
    const files = ["acme", "bolt", "other"].map((id) => fileOfCustomer("customers/", id));
    expect(files).toEqual(["customers/a.yaml", "customers/b.yaml", "customers/"]);
  });
});

test.each([
  ["customers", "customers/"],
  ["customers//", "customers/"],
  ["customers/a.yaml", "customers/a.yaml"],
  ["other", "other"],
])("an environment with customers: %s has %s", (written, path) => {
  writeFolder({ "a.yaml": acme() });
  const text = "keycloak: {url: https://login.example.com}\nstate: {type: local}\n";
  write("environments/test.yaml", `${text}customers: ${written}\n`);
  expect(loadEnvironment({ REALM_ENV: "test" }).customers).toBe(path);
  expect(loadEnvironment({ REALM_ENV: "test", CUSTOMERS_FILE: written }).customers).toBe(path);
});
