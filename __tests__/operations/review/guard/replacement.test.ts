import { describe, expect, test } from "@jest/globals";
import type { Allowed } from "../../../../operations/review/guard/allowed.ts";
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

test("a plan that imports a client that may be in use is refused, unless a trailer names the client", () => {
  const importing = (allowed: Partial<Allowed>) =>
    verdictOn(lossesOfPlan({ changes: kept, adopted: ["acme", "globex"] }), allowed);
  expect(importing({ replacements: ["globex"] })).toEqual({
    refused: ["adoption acme <- Allow-replacement: acme"],
    overridden: ["adoption globex <- Allow-replacement: globex"],
  });
});
