import { describe, expect, test } from "@jest/globals";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { peopleIn } from "../../local/demo/participants.ts";

const declaration: RealmDeclaration = {
  realm: "shop",
  keycloak: { url: "http://localhost:8080", basePath: "" },
  apis: { "shop-api": ["orders:read", "orders:write", "orders:audit"], other: ["stock:read"] },
  frontends: {},
  customers: {},
  roles: {
    "shop-api": {
      auditor: ["orders:audit"],
      reader: ["orders:read", "orders:audit"],
      writer: ["orders:write"],
    },
    other: { keeper: ["stock:read"] },
  },
};
const groupsOf = (groups: RealmDeclaration["groups"]) =>
  peopleIn({ ...declaration, ...(groups && { groups }) }, "shop-api").map(({ group }) => group);

describe("the people of the demo", () => {
  test("are members of a group that may read orders and of one that may also create them", () => {
    expect(
      groupsOf({
        "/auditors": { "shop-api": ["auditor"] },
        "/writers only": { "shop-api": ["writer"] },
        "/all": { "shop-api": ["reader", "writer"], other: ["keeper"] },
        "/readers": { "shop-api": ["reader"] },
      }),
    ).toEqual(["/readers", "/all"]);
  });

  test("have the roles of the groups above theirs", () => {
    expect(
      groupsOf({
        "/sales": { "shop-api": ["reader"] },
        "/sales/leads": { "shop-api": ["writer"] },
      }),
    ).toEqual(["/sales", "/sales/leads"]);
  });

  test.each([
    [
      "no group is declared",
      undefined,
      'clerk needs a group whose roles at "shop-api" permit orders:read',
    ],
    [
      "no group may only read",
      { "/w": { "shop-api": ["reader", "writer"] } },
      "the demo's clerk needs",
    ],
    [
      "no group may do both",
      { "/r": { "shop-api": ["reader"] } },
      "permit orders:read and orders:write",
    ],
    ["only another API has groups", { "/k": { other: ["keeper"] } }, "the demo's clerk needs"],
  ])("are refused with what to declare if %s", (_case, groups, message) => {
    expect(() => groupsOf(groups)).toThrow(message);
    expect(() => groupsOf(groups)).toThrow(
      "declare the role, and the group with GroupRoles, in examples/declaration/main.ts",
    );
  });
});
