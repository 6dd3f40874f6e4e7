import { expect, test } from "@jest/globals";
import { InvalidFileError } from "../../../configuration/yaml/problems.ts";
import { lifespanProblems } from "../../../operations/deployment/refuse-long-lifespans.ts";
import { useEmptyFolder, write } from "../../configuration/folder.ts";

useEmptyFolder();

const file = "customers.yaml";
const limit = { setting: "SSO Session Max", seconds: 1_200 };
const customer = { name: "A", contact: "a@a.example", access: {}, enabled: true };

function messageFor(lifespans: Readonly<Record<string, number>>): string {
  const customers = Object.fromEntries(
    Object.entries(lifespans).map(([id, tokenLifespan]) => [id, { ...customer, tokenLifespan }]),
  );
  return new InvalidFileError(file, lifespanProblems({ realm: "company", customers }, limit, file))
    .message;
}

test("locates each lifespan that is longer than the realm allows, with the limit and the fix", () => {
  write(file, "customers:\n  acme:\n    tokenLifespan: 60m\n  globex: {tokenLifespan: 20m}\n");
  const rest = `is more than 20m, the "SSO Session Max" of the realm "company"; shorten it, or raise that in Keycloak's "Realm settings", "Sessions"`;
  expect(messageFor({ acme: 3_600, globex: 1_200, inMain: 1_201 })).toBe(
    [
      "customers.yaml is not valid: 2 problems",
      `  customers.yaml       customers.inMain.tokenLifespan: 1201s ${rest}`,
      `  customers.yaml:3:20  customers.acme.tokenLifespan: 1h ${rest}`,
    ].join("\n"),
  );
});

test("accepts lifespans that the realm allows, and customers without one", () => {
  const customers = { acme: customer, globex: { ...customer, tokenLifespan: 1_200 } };
  expect(lifespanProblems({ realm: "company", customers }, limit, file)).toEqual([]);
});
