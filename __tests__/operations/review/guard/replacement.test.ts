import { describe, expect, test } from "@jest/globals";
import type { Kind } from "../../../../operations/review/compare/resources/entity.ts";
import { adoptionLosses } from "../../../../operations/review/guard/losses/named-losses.ts";
import { allowing, api, change, deleted, frontend, verdictOn, verdictOnPlan } from "./plans.ts";

const both = ["delete", "create"];

describe("a plan that recreates something without a secret", () => {
  test.each([
    ["a frontend", change("openid_client", both, frontend("web"), frontend("web")), "frontend web"],
    ["a scope", change("openid_client_scope", both, { name: "x" }, { name: "x" }), "scope x"],
  ])("is refused for %s, unless its trailer allows it", (_, resource, name) => {
    const line = `replacement ${name} <- Allow-replacement: ${name}`;
    expect(verdictOnPlan([resource])).toEqual({ refused: [line], overridden: [] });
    expect(verdictOnPlan([resource], `Allow-replacement: ${name}`)).toEqual({
      refused: [],
      overridden: [line],
    });
    expect(verdictOnPlan([resource], `Allow-new-secret: ${name}`).refused).toEqual([line]);
  });

  test("is refused once for a realm with everything in it", () => {
    const resources = [
      change("realm", both, { realm: "atlas" }, { realm: "atlas2" }),
      change("openid_client", both, api("atlas-api"), api("atlas-api")),
      change("openid_client_scope", both, { name: "x" }, { name: "x" }),
    ];
    const refusal = "replacement realm atlas <- Allow-replacement: realm atlas";
    expect(verdictOnPlan(resources).refused).toEqual([refusal]);
    expect(verdictOnPlan(resources, "Allow-new-secret: API atlas-api").refused).toEqual([refusal]);
    expect(verdictOnPlan(resources, "Allow-replacement: realm atlas").refused).toEqual([]);
  });
});

describe("a client's list of scopes", () => {
  const client = { ...frontend("web"), id: "uuid-1" };
  const stays = change("openid_client", ["no-op"], client, client);
  const list = { client_id: "uuid-1", default_scopes: ["orders:read"] };

  test("is not deleted by a plan in which its client stays", () => {
    const gone = deleted("openid_client_default_scopes", list);
    const refusal = `removal ${gone.address} <- Allow-removal: ${gone.address}`;
    expect(verdictOnPlan([stays, gone]).refused).toEqual([refusal]);
    expect(verdictOnPlan([gone]).refused).toEqual([refusal]);
    const without = deleted("openid_client", client);
    expect(verdictOnPlan([without, gone]).refused).toEqual([
      "removal frontend web <- Allow-removal: frontend web",
    ]);
  });

  test("is not recreated at a new address by a plan in which its client stays", () => {
    const gone = deleted("openid_client_default_scopes", list);
    const created = change("openid_client_default_scopes", ["create"], null, list);
    expect(verdictOnPlan([stays, gone, created]).refused).toEqual([
      `replacement ${gone.address} <- Allow-replacement: ${gone.address}`,
    ]);
  });
});

describe("a plan that imports what may be somebody else's", () => {
  const importing = (...names: readonly (readonly [Kind, string])[]) => ({
    customersBefore: 0,
    customersAfter: 0,
    named: adoptionLosses(names.map(([kind, name]) => ({ kind, name }))),
    peopleBefore: 0,
    counted: [],
  });

  test("is refused for a realm with its scopes, and for a frontend", () => {
    const losses = importing(["realm", "atlas"], ["scope", "x"], ["frontend", "web"]);
    expect(verdictOn(losses, allowing("Allow-replacement: realm atlas"))).toEqual({
      refused: ["adoption frontend web <- Allow-replacement: frontend web"],
      overridden: ["adoption realm atlas <- Allow-replacement: realm atlas"],
    });
  });

  test("is refused for each client with a secret, even if its realm may be imported", () => {
    const losses = importing(["realm", "atlas"], ["API", "x"], ["customer", "acme"]);
    expect(verdictOn(losses, allowing("Allow-replacement: realm atlas")).refused).toEqual([
      "new-secret API x,acme <- Allow-new-secret: API x, acme",
    ]);
  });

  test("is refused for a scope of a realm that is not imported", () => {
    expect(verdictOn(importing(["scope", "x"])).refused).toEqual([
      "adoption scope x <- Allow-replacement: scope x",
    ]);
  });
});
