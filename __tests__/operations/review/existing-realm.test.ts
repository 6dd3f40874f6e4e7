import { describe, expect, test } from "@jest/globals";
import { markdown } from "../../../operations/review/render/markdown.ts";
import { people } from "./people-cases.ts";
import { type Declared, five, report, side } from "./synthesized-sides.ts";

const soylent = { name: "Soylent", access: { "atlas-api": ["orders:write"] } };
const four = Object.fromEntries(Object.entries(five).filter(([id]) => id !== "umbrella"));

const otherPeople: Declared = {
  roles: { "atlas-api": { clerk: ["orders:read"], manager: ["orders:write"] } },
  groups: { ...people.groups, "/clerks": {} },
};

/** The text of a review of two declarations of the same realm. */
const reviewed = (existing: boolean, before: Declared, after: Declared) =>
  markdown(report(side({ existing, ...before }), side({ existing, ...after })));

describe("the review of an existing realm reports the same as that of a managed one if", () => {
  test.each<[name: string, after: Declared, before?: Declared]>([
    ["a customer is added", { customers: { ...five, soylent } }],
    ["a customer is removed", { customers: four }],
    ["a customer is suspended", { customers: { ...five, acme: { enabled: false } } }],
    ["access changes", { customers: { ...five, acme: { access: { "atlas-api": [] } } } }],
    ["a frontend loses access", { frontendAccess: { "atlas-api": [] } }],
    ["a role and a group change", { ...people, ...otherPeople }, people],
    ["nothing changes", {}],
  ])("%s", (_name, after, before = {}) => {
    expect(reviewed(true, before, after)).toBe(reviewed(false, before, after));
  });
});

test("another existing realm gives every client a new secret, so that somebody has to name them", () => {
  const text = markdown(
    report(side({ existing: true }), side({ existing: true, realm: "another" })),
  );
  expect(text).toContain("Allow-new-secret: API atlas-api, acme, globex");
  expect(text).toContain("Allow-replacement: frontend atlas-frontend");
});

test("a realm that is not managed any more counts as removed, so that somebody has to name it", () => {
  const text = markdown(report(side({}), side({ existing: true })));
  expect(text).toContain("Allow-removal: realm atlas");
});
