import { describe, expect, test } from "@jest/globals";
import type { Entity } from "../../../../operations/review/compare/entity.ts";
import { lossesOfPlan } from "../../../../operations/review/guard/plan-losses.ts";
import { change, client, deleted, kept, verdictOn, verdictOnPlan } from "./plans.ts";

describe("a plan that recreates something", () => {
  const refusal = "replacement acme <- Allow-replacement: acme";

  test.each([[["delete", "create"]], [["create", "delete"]]])(
    "is refused for a client at the same address, by the actions %j",
    (actions) => {
      const resource = change("openid_client", actions, client("acme"), client("acme"));
      expect(verdictOnPlan([resource])).toEqual({ refused: [refusal], overridden: [] });
      expect(verdictOnPlan([resource], { replacements: ["acme"] })).toEqual({
        refused: [],
        overridden: [refusal],
      });
      expect(
        verdictOnPlan([resource], { replacements: ["globex"], removals: ["acme"] }).refused,
      ).toEqual([refusal]);
    },
  );

  test("is refused for a client at a new address, suspended or not", () => {
    for (const enabled of [true, false]) {
      const moved = [
        deleted("openid_client", client("acme", { enabled })),
        change("openid_client", ["create"], null, client("acme", { enabled })),
      ];
      expect(verdictOnPlan(moved).refused).toEqual([refusal]);
    }
  });

  test("is allowed for everything in a realm if the realm is allowed", () => {
    const both = ["delete", "create"];
    const resources = [
      change("realm", both, { realm: "atlas" }, { realm: "atlas" }),
      change("openid_client", both, client("acme"), client("acme")),
    ];
    expect(verdictOnPlan(resources).refused).toEqual([
      "replacement acme,realm atlas <- Allow-replacement: acme; Allow-replacement: realm atlas",
    ]);
    expect(verdictOnPlan(resources, { replacements: ["acme"] }).refused).toHaveLength(1);
    expect(verdictOnPlan(resources, { replacements: ["realm atlas"] }).refused).toEqual([]);
  });

  test("is refused for a client's list of scopes if the client stays", () => {
    const list = change("openid_client_default_scopes", ["delete"], { client_id: "uuid-1" });
    expect(verdictOnPlan([list]).refused).toEqual([
      `replacement ${list.address} <- Allow-replacement: ${list.address}`,
    ]);
    const gone = deleted("openid_client", client("acme", { id: "uuid-1", enabled: false }));
    expect(verdictOnPlan([list, gone]).refused).toEqual([]);
  });
});

describe("a plan that imports what may be somebody else's", () => {
  const customer = (name: string) => ({ kind: "customer", name }) as const;
  const importing = (adopted: readonly Entity[], ...replacements: string[]) =>
    verdictOn(lossesOfPlan({ changes: kept, adopted }), { replacements });

  test("is refused, unless a trailer names each client", () => {
    expect(importing([customer("acme"), customer("globex")], "globex")).toEqual({
      refused: ["adoption acme <- Allow-replacement: acme"],
      overridden: ["adoption globex <- Allow-replacement: globex"],
    });
  });

  test("is refused for a realm, an API and a frontend, by the kind and the name", () => {
    const adopted = [
      { kind: "realm", name: "atlas" },
      { kind: "scope", name: "orders:read" },
      { kind: "API", name: "atlas-api" },
      { kind: "frontend", name: "shop" },
    ] as const;
    expect(importing(adopted).refused).toEqual([
      "adoption API atlas-api,frontend shop,realm atlas <- Allow-replacement: API atlas-api; Allow-replacement: frontend shop; Allow-replacement: realm atlas",
    ]);
    expect(importing(adopted, "realm atlas").refused).toEqual([
      "adoption API atlas-api,frontend shop <- Allow-replacement: API atlas-api; Allow-replacement: frontend shop",
    ]);
  });

  test("is refused for a scope of a realm that is not imported", () => {
    expect(importing([{ kind: "scope", name: "orders:read" }]).refused).toEqual([
      "adoption scope orders:read <- Allow-replacement: scope orders:read",
    ]);
  });
});
