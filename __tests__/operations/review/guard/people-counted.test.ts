import { describe, expect, test } from "@jest/globals";
import { type Changes, peoplePlan } from "./people-plans.ts";
import { change, client, verdictOnPlan } from "./plans.ts";

const refused = (changes: Changes, ...allowed: readonly string[]) =>
  verdictOnPlan(peoplePlan(changes), ...allowed).refused;
const gone = { by: ["delete"] };
const recreated = { by: ["delete", "create"] };

describe("a plan that takes", () => {
  const clerkLoses = { "role.clerk": { to: { composite_roles: [] } } };
  const managerLoses = { "role.manager": { to: { composite_roles: ["uuid-write"] } } };
  const auditorLoses = { "role.auditor": { to: { composite_roles: [] } } };
  const groupLoses = { "group_roles.clerks": { to: { role_ids: ["uuid-clerk"] } } };

  test.each<[string, Changes]>([
    ["a permission from one role", clerkLoses],
    ["a role from one group", groupLoses],
    ["all roles from one group", { "group_roles.clerks": { to: { role_ids: [] } } }],
    ["the list of one group", { "group_roles.clerks": gone }],
    ["the list of one group, and recreates it", { "group_roles.clerks": recreated }],
  ])("%s is not refused", (_, changes) => {
    expect(refused(changes)).toEqual([]);
  });

  test.each<[string, Changes, string]>([
    [
      "permissions from two roles",
      { ...clerkLoses, ...managerLoses },
      "role atlas-api/clerk,role atlas-api/manager",
    ],
    [
      "a permission and a role",
      { ...clerkLoses, ...groupLoses },
      "group /sales/clerks,role atlas-api/clerk",
    ],
    [
      "a permission, and a list that it recreates",
      { ...clerkLoses, "group_roles.clerks": recreated },
      "group /sales/clerks,role atlas-api/clerk",
    ],
    [
      "a permission, and a list",
      { ...clerkLoses, "group_roles.clerks": gone },
      "group /sales/clerks,role atlas-api/clerk",
    ],
  ])("%s is refused: more than 30%% of 5 roles and groups", (_, changes, names) => {
    expect(refused(changes)).toEqual([`many ${names} <- Allow-many: 2`]);
    expect(refused(changes, "Allow-many: 2")).toEqual([]);
    expect(refused(changes, "Allow-many: 1")).toHaveLength(1);
  });

  test("access from customers, roles and groups is refused if they are more than 5 together", () => {
    const customers = Array.from({ length: 4 }, (_, index) =>
      change(
        "openid_client",
        ["update"],
        client(`s${index}`),
        client(`s${index}`, { enabled: false }),
      ),
    );
    const spare = Array.from({ length: 10 }, (_, index) =>
      change(
        "role",
        ["no-op"],
        { client_id: "uuid-api", name: `r${index}`, composite_roles: ["uuid-read"] },
        { client_id: "uuid-api", name: `r${index}`, composite_roles: ["uuid-read"] },
      ),
    );
    const verdict = (changes: Changes) =>
      verdictOnPlan(peoplePlan(changes, ...customers, ...spare)).refused;
    expect(verdict(clerkLoses)).toEqual([]);
    expect(verdict({ ...clerkLoses, ...auditorLoses })).toEqual([
      "many role atlas-api/auditor,role atlas-api/clerk,s0,s1,s2,s3 <- Allow-many: 6",
    ]);
  });

  test("nothing is not refused if ids are known only after the apply", () => {
    const changes: Changes = {
      "role.read": recreated,
      "role.clerk": { to: { composite_roles: null }, unknown: { composite_roles: true } },
      "role.manager": {
        to: { composite_roles: ["uuid-write", null] },
        unknown: { composite_roles: [false, true] },
      },
      "role.auditor": { to: { composite_roles: [null] }, unknown: { composite_roles: [true] } },
    };
    const name = "role atlas-api/orders:read";
    expect(refused(changes)).toEqual([`replacement ${name} <- Allow-replacement: ${name}`]);
  });
});
