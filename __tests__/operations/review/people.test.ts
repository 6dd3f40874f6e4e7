import { describe, expect, test } from "@jest/globals";
import { markdown } from "../../../operations/review/render/markdown.ts";
import { api } from "./guard/plans.ts";
import { people } from "./people-cases.ts";
import { addressOf, planned, report, side } from "./synthesized-sides.ts";

describe("a change of the declaration", () => {
  const base = side(people);
  const refusals = (head: ReturnType<typeof side>) =>
    report(base, head).verdict.refused.map(({ code, names }) => `${code} ${names.join(", ")}`);

  test("that gives every group another address is refused, with the same names as its plan", () => {
    const head = side({ ...people, groupsBelow: "teams" });
    expect(refusals(head)).toEqual(["replacement group /clerks, group /sales"]);
    expect(report(base, head).change?.replaced).toContainEqual({
      ...{ kind: "group", name: "/sales/managers", because: "address" },
    });
  });

  test("that takes the list of a group that stays counts as a loss of its roles", () => {
    const list = addressOf(base, "keycloak_group_roles", {
      group_id: `\${${addressOf(base, "keycloak_group", { name: "clerks" })}.id}`,
    });
    const resources = Object.entries(base.resources).filter(([address]) => address !== list);
    const found = report(base, { ...base, resources: Object.fromEntries(resources) });
    expect(found.verdict.refused).toEqual([]);
    expect(found.change?.groups.changed).toEqual([
      { path: "/clerks", gained: [], lost: [{ api: "atlas-api", roles: ["clerk"] }] },
    ]);
  });

  test("from a declaration without roles and groups is reviewed, whatever is in its comment", () => {
    const { declaration, ...older } = side({});
    expect(declaration).not.toHaveProperty("roles");
    const found = report({ ...older, declaration }, base);
    expect(found.verdict.refused).toEqual([]);
    expect(found.change?.roles.needed).toEqual(["atlas-api"]);
    expect(report(base, { ...older, declaration }).change?.roles.noLongerNeeded).toEqual([
      "atlas-api",
    ]);
  });

  test("that adds an API with roles takes nothing from anybody", () => {
    const apis = { "atlas-api": ["orders:read", "orders:write"], billing: ["invoices:read"] };
    const roles = { ...people.roles, billing: { clerk: ["invoices:read"] } };
    const found = report(base, side({ ...people, apis, roles }));
    expect(found.change?.roles).toMatchObject({
      needed: [],
      added: [{ api: "billing", role: "clerk" }],
    });
    expect(markdown(found).split("\n")[0]).toBe(
      "Adds the API `billing` and adds the role `billing/clerk`.",
    );
  });
});

describe("a frontend", () => {
  const base = side(people);
  const listAddress = addressOf(base, "keycloak_openid_client_default_scopes", {
    client_id: `\${${addressOf(base, "keycloak_openid_client", { client_id: "atlas-frontend" })}.id}`,
  });
  const withoutRoles = (of: typeof base) => {
    const { [listAddress]: list } = of.resources;
    const scopes = (list?.default_scopes as string[]).filter((each) => !each.includes("api_roles"));
    const changed = { ...list, default_scopes: scopes };
    return { ...of, resources: { ...of.resources, [listAddress]: changed } };
  };

  test("that no longer shows roles in tokens loses what it declares at the API", () => {
    const { change: found } = report(base, withoutRoles(base));
    const permissions = ["orders:read"];
    expect(found?.frontends.changed).toEqual([
      {
        id: "atlas-frontend",
        gained: [],
        lost: [{ api: "atlas-api", audience: false, permissions }],
      },
    ]);
    expect(found?.settings).toEqual([]);
  });

  test("without a permission at the API shows the scope of its roles as a setting", () => {
    const bare = side({ ...people, frontendAccess: { "atlas-api": [] } });
    const { change: found } = report(bare, withoutRoles(bare));
    expect(found?.settings).toMatchObject([{ attribute: "default_scopes" }]);
  });

  test("of an API that gets its first roles keeps its access", () => {
    const { change: found } = report(side({}), base);
    expect(found?.frontends.changed).toEqual([]);
    expect(found?.settings.filter(({ entity }) => entity.kind === "frontend")).toEqual([]);
  });
});

test("drift made by hand is shown with the names of roles, and apply may repair it", () => {
  const base = side(people);
  const clerk = addressOf(base, "keycloak_role", { name: "clerk" });
  const write = addressOf(base, "keycloak_role", { name: "orders:write" });
  const ofApi = { client_id: "uuid-api" };
  const apiAddress = addressOf(base, "keycloak_openid_client", { client_id: "atlas-api" });
  const atlas = { ...api("atlas-api"), id: "uuid-api" };
  const writes = { ...ofApi, id: "uuid-write", name: "orders:write" };
  const plan = [
    planned(apiAddress, ["no-op"], atlas, atlas),
    planned(write, ["no-op"], writes, writes),
    planned(
      clerk,
      ["update"],
      { ...ofApi, id: "uuid-clerk", name: "clerk", composite_roles: ["uuid-read", "uuid-write"] },
      { ...ofApi, id: "uuid-clerk", name: "clerk", composite_roles: ["uuid-read"] },
    ),
  ];
  const found = report(base, base, { plan });
  expect(found.verdict.refused).toEqual([]);
  expect(found.plan?.drift).toEqual([
    {
      ...{ address: clerk, entity: { kind: "role", name: "atlas-api/clerk" }, action: "update" },
      changes: [
        {
          attribute: "composite_roles",
          from: ["uuid-read", "${role atlas-api/orders:write}"],
          to: ["uuid-read"],
        },
      ],
    },
  ]);
});
