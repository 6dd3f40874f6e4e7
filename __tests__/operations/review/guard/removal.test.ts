import { describe, expect, test } from "@jest/globals";
import { api, change, client, deleted, frontend, verdictOnPlan } from "./plans.ts";

describe("a plan that deletes something", () => {
  test.each([
    ["a realm", deleted("realm", { realm: "atlas" }), "removal", "realm atlas"],
    ["an API", deleted("openid_client", api("atlas-api")), "removal", "API atlas-api"],
    ["a frontend", deleted("openid_client", frontend("web")), "removal", "frontend web"],
    [
      "a scope",
      deleted("openid_client_scope", { name: "orders:read" }),
      "removal",
      "scope orders:read",
    ],
    [
      "an audience mapper",
      deleted("openid_audience_protocol_mapper", { name: "x-audience" }),
      "removal",
      "scope x-audience",
    ],
    [
      "a customer that is not suspended",
      deleted("openid_client", client("acme")),
      "not-suspended",
      "acme",
    ],
  ])("is refused for %s, unless the right trailer allows it", (_, resource, code, name) => {
    const line = `${code} ${name} <- Allow-removal: ${name}`;
    expect(verdictOnPlan([resource])).toEqual({ refused: [line], overridden: [] });
    expect(verdictOnPlan([resource], `Allow-removal: ${name}`)).toEqual({
      refused: [],
      overridden: [line],
    });
    for (const wrong of [`${name}x`, "other", `customer ${name}`, ""])
      expect(verdictOnPlan([resource], `Allow-removal: ${wrong}`).refused).toEqual([line]);
    const others = ["replacement", "new-secret", "redirect"].map((key) => `Allow-${key}: ${name}`);
    expect(verdictOnPlan([resource], ...others, "Allow-many: 99").refused).toEqual([line]);
  });

  test("is not refused for a suspended customer", () => {
    const resource = deleted("openid_client", client("acme", { enabled: false }));
    expect(verdictOnPlan([resource])).toEqual({ refused: [], overridden: [] });
  });

  test("is refused for a realm or scope if the trailer names a customer of the same name", () => {
    const resources = [
      deleted("realm", { realm: "acme" }),
      deleted("openid_client_scope", { name: "acme" }),
    ];
    expect(verdictOnPlan(resources, "Allow-removal: acme").refused).toHaveLength(1);
    expect(verdictOnPlan(resources, "Allow-removal: Realm acme, scope  acme").refused).toEqual([]);
  });

  test("is also refused if terraform forgets the resource instead of deleting it", () => {
    expect(
      verdictOnPlan([change("openid_client", ["forget"], client("acme"))]).refused,
    ).toHaveLength(1);
  });
});

test("a plan that renames an API or a scope is refused as a removal", () => {
  const renamed = [
    change("openid_client", ["update"], api("atlas-api"), api("atlas")),
    change("openid_client_scope", ["update"], { name: "orders:read" }, { name: "read" }),
  ];
  expect(verdictOnPlan(renamed).refused).toEqual([
    "removal API atlas-api,scope orders:read <- Allow-removal: API atlas-api, scope orders:read",
  ]);
});

test("a trailer names a permission with a comma, and one with invisible characters as the refusal shows it", () => {
  const comma = deleted("openid_client_scope", { name: "a,b" });
  expect(verdictOnPlan([comma], "Allow-removal: scope a,b").refused).toEqual([]);
  const hostile = deleted("openid_client_scope", { name: "x\u001b[2J\n::error::" });
  const line = "Allow-removal: scope x\\u001b[2J\\u000a::error::";
  expect(verdictOnPlan([hostile]).refused[0]).toContain(`<- ${line}`);
  expect(verdictOnPlan([hostile], line).refused).toEqual([]);
});

test("a plan that takes nothing away is not refused", () => {
  const harmless = [
    change("openid_client", ["create"], null, client("new")),
    change("openid_client", ["update"], client("acme"), client("acme", { name: "Acme" })),
    change("realm", ["update"], { realm: "atlas" }, { realm: "atlas", display_name: "x" }),
    change("openid_client", ["update"], client("a", { enabled: false }), client("a")),
    change("realm_events", ["delete"], {}),
    change("openid_audience_protocol_mapper", ["update"], { name: "a" }, { name: "b" }),
  ];
  expect(verdictOnPlan(harmless)).toEqual({ refused: [], overridden: [] });
});
