import { describe, expect, test } from "@jest/globals";
import { type Changes, peoplePlan } from "./people-plans.ts";
import { change, deleted, verdictOnPlan } from "./plans.ts";

const refused = (changes: Changes, ...allowed: readonly string[]) =>
  verdictOnPlan(peoplePlan(changes), ...allowed).refused;
const gone = { by: ["delete"] };
const recreated = { by: ["delete", "create"] };

test("a plan that changes no role and no group is not refused", () => {
  expect(refused({})).toEqual([]);
});

describe("a plan that deletes or recreates", () => {
  test.each<[string, Changes, string, string]>([
    ["a role", { "role.clerk": gone }, "removal", "role atlas-api/clerk"],
    ["the role of a permission", { "role.write": gone }, "removal", "role atlas-api/orders:write"],
    ["a group", { "group.clerks": gone }, "removal", "group /sales/clerks"],
    [
      "a group with one below",
      { "group.sales": gone, "group.clerks": gone },
      "removal",
      "group /sales",
    ],
    [
      "a role's name",
      { "role.clerk": { to: { name: "office" } } },
      "removal",
      "role atlas-api/clerk",
    ],
    ["a group's name", { "group.clerks": { to: { name: "x" } } }, "removal", "group /sales/clerks"],
    ["a role, again", { "role.clerk": recreated }, "replacement", "role atlas-api/clerk"],
    ["a group, again", { "group.sales": recreated }, "replacement", "group /sales"],
    [
      "what shows permissions",
      { "generic_role_mapper.all": gone },
      "removal",
      "scope atlas-api-roles",
    ],
    [
      "the mapper",
      { "openid_user_client_role_protocol_mapper.roles": gone },
      "removal",
      "scope atlas-api-roles",
    ],
    [
      "the claim in access tokens",
      { "openid_user_client_role_protocol_mapper.roles": { to: { add_to_access_token: false } } },
      "switched-off",
      "scope atlas-api-roles",
    ],
    [
      "the claim's name",
      { "openid_user_client_role_protocol_mapper.roles": { to: { claim_name: "roles" } } },
      "switched-off",
      "scope atlas-api-roles",
    ],
  ])("%s is refused, unless a trailer names it", (_, changes, code, name) => {
    const key = code === "replacement" ? "Allow-replacement" : "Allow-removal";
    expect(refused(changes)).toEqual([`${code} ${name} <- ${key}: ${name}`]);
    expect(refused(changes, `${key}: ${name}`)).toEqual([]);
    expect(
      refused(changes, `${key}: ${name.replace(/^\w+/, (kind) => kind.toUpperCase())}`),
    ).toEqual([]);
    expect(refused(changes, `${key}: ${name}x`, "Allow-many: 99")).toHaveLength(1);
  });

  test("an API with its roles is refused by the API's name", () => {
    const parts = ["role.read", "role.write", "role.clerk", "role.manager", "role.auditor"];
    const roles = Object.fromEntries(parts.map((name) => [name, gone]));
    const scope = ["openid_client_scope.roles", "openid_user_client_role_protocol_mapper.roles"];
    const mappings = ["generic_role_mapper.all", "role.all"];
    const others = Object.fromEntries([...scope, ...mappings].map((name) => [name, gone]));
    const changes = {
      ...roles,
      ...others,
      "openid_client.api": gone,
      "group_roles.clerks": { to: { role_ids: [] } },
    };
    expect(refused(changes)).toEqual(["removal API atlas-api <- Allow-removal: API atlas-api"]);
  });

  test("a permission with its role is refused by the permission's name", () => {
    const changes = {
      "openid_client_scope.read": gone,
      "role.read": gone,
      "role.all": { to: { composite_roles: ["uuid-write"] } },
      "role.clerk": { to: { composite_roles: ["uuid-write"] } },
    };
    expect(refused(changes)).toEqual([
      "removal scope orders:read <- Allow-removal: scope orders:read",
    ]);
  });

  test("all roles is refused by their names and that of their scope", () => {
    const all = [
      "role.read",
      "role.write",
      "role.clerk",
      "role.manager",
      "role.auditor",
      "openid_client_scope.roles",
      "generic_role_mapper.all",
      "role.all",
    ];
    const names =
      "role atlas-api/auditor, role atlas-api/clerk, role atlas-api/manager, scope atlas-api-roles";
    expect(
      refused(Object.fromEntries(all.map((name) => [name, gone])), `Allow-removal: ${names}`),
    ).toEqual([]);
  });

  test("a role or group at another address is refused as recreated", () => {
    const created = [
      change("role", ["create"], null, { client_id: "uuid-api", name: "clerk" }),
      change("group", ["create"], null, { name: "sales" }),
    ];
    const plan = peoplePlan(
      { "role.clerk": gone, "group.sales": gone, "group.clerks": gone },
      ...created,
    );
    expect(verdictOnPlan(plan).refused).toEqual([
      "replacement group /sales,role atlas-api/clerk <- Allow-replacement: group /sales, role atlas-api/clerk",
    ]);
  });

  test("the scope of an API's roles at another address is refused as recreated, with what belongs to it", () => {
    const created = [
      change("openid_client_scope", ["create"], null, { name: "atlas-api-roles" }),
      change("openid_user_client_role_protocol_mapper", ["create"], null, { name: "x" }),
      change("generic_role_mapper", ["create"], null, { role_id: "uuid-all-permissions" }),
    ];
    const parts = ["openid_user_client_role_protocol_mapper.roles", "generic_role_mapper.all"];
    const changes = Object.fromEntries(
      ["openid_client_scope.roles", ...parts].map((name) => [name, gone]),
    );
    expect(verdictOnPlan(peoplePlan(changes, ...created)).refused).toEqual([
      "replacement scope atlas-api-roles <- Allow-replacement: scope atlas-api-roles",
    ]);
  });

  test("an API, again, is refused by the API's name only", () => {
    const names = ["read", "write", "clerk", "manager", "auditor", "all"];
    const created = names.map((name) => change("role", ["create"], null, { name }));
    const changes: Changes = {
      ...Object.fromEntries(names.map((name) => [`role.${name}`, gone])),
      "openid_client.api": recreated,
      "generic_role_mapper.all": recreated,
      "group_roles.clerks": { to: { role_ids: null }, unknown: { role_ids: true } },
    };
    expect(verdictOnPlan(peoplePlan(changes, ...created)).refused).toEqual([
      "new-secret API atlas-api <- Allow-new-secret: API atlas-api",
    ]);
  });
});

describe("a team's own role or group, which no construct declares, is refused by its address", () => {
  const frontend = { client_id: "web", access_type: "PUBLIC", id: "uuid-web" };
  test.each([
    ["a realm role", "role", { id: "1", name: "clerk" }],
    ["a role of a frontend", "role", { id: "1", name: "clerk", client_id: "uuid-web" }],
    ["a group without a list of roles", "group", { id: "1", name: "staff" }],
    [
      "a group below one that is not in the plan",
      "group",
      { id: "1", name: "staff", parent_id: "2" },
    ],
    [
      "a list of another group",
      "group_roles",
      { id: "1", group_id: "2", role_ids: ["uuid-clerk"] },
    ],
    [
      "a role of a client's scope",
      "generic_role_mapper",
      { id: "1", client_id: "uuid-web", role_id: "uuid-read" },
    ],
  ])("%s", (_, type, values) => {
    const resource = deleted(type, values);
    const stays = change("openid_client", ["no-op"], frontend, frontend);
    const { address } = resource;
    expect(verdictOnPlan(peoplePlan({}, stays, resource)).refused).toEqual([
      `removal ${address} <- Allow-removal: ${address}`,
    ]);
  });
});
