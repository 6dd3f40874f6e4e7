import { describe, expect, test } from "@jest/globals";
import type { Allowed } from "../../../operations/review/guard/allowed.ts";
import { guard } from "../../../operations/review/guard/guard.ts";
import type { Losses } from "../../../operations/review/guard/losses.ts";
import { lossesOfPlan } from "../../../operations/review/guard/plan-losses.ts";
import { refusalText } from "../../../operations/review/render/refusal.ts";
import type { ResourceChange } from "../../../operations/terraform/plan.ts";
import { limits, nothingAllowed, planned } from "./sides.ts";

const client = (id: string, more: object = {}) => ({
  client_id: id,
  access_type: "CONFIDENTIAL",
  service_accounts_enabled: true,
  enabled: true,
  ...more,
});
const api = (id: string) => client(id, { service_accounts_enabled: false });
const frontend = (id: string) =>
  client(id, { access_type: "PUBLIC", service_accounts_enabled: false });

let resources = 0;
/** A change of a resource at an address of its own. */
const change = (
  type: string,
  actions: readonly string[],
  before: object | null,
  after: object | null = null,
): ResourceChange =>
  planned(`keycloak_${type}.r${resources++}`, actions, { ...before }, after && { ...after });

const deleted = (type: string, before: object) => change(type, ["delete"], before);
const kept = Array.from({ length: 40 }, (_, index) =>
  change("openid_client", ["no-op"], client(`kept${index}`), client(`kept${index}`)),
);

const verdictOn = (losses: Losses, allowed: Partial<Allowed> = {}) => {
  const { refused, overridden } = guard(losses, limits, { ...nothingAllowed, ...allowed });
  const shown = (list: typeof refused) =>
    list.map(({ code, names, trailers }) => `${code} ${names.join(",")} <- ${trailers.join("; ")}`);
  return { refused: shown(refused), overridden: shown(overridden) };
};

const ofPlan = (changes: readonly ResourceChange[], allowed?: Partial<Allowed>) =>
  verdictOn(lossesOfPlan({ changes: [...kept, ...changes], adopted: [] }), allowed);

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
    expect(ofPlan([resource])).toEqual({ refused: [line], overridden: [] });
    expect(ofPlan([resource], { removals: [name] })).toEqual({ refused: [], overridden: [line] });
    for (const wrong of [`${name}x`, "other", `customer ${name}`, ""])
      expect(ofPlan([resource], { removals: [wrong] }).refused).toEqual([line]);
    expect(ofPlan([resource], { replacements: [name], many: 99 }).refused).toEqual([line]);
  });

  test("is not refused for a suspended customer", () => {
    const resource = deleted("openid_client", client("acme", { enabled: false }));
    expect(ofPlan([resource])).toEqual({ refused: [], overridden: [] });
  });

  test("is refused for a realm or scope if the trailer names a customer of the same name", () => {
    const resources = [
      deleted("realm", { realm: "acme" }),
      deleted("openid_client_scope", { name: "acme" }),
    ];
    expect(ofPlan(resources, { removals: ["acme"] }).refused).toHaveLength(1);
    expect(ofPlan(resources, { removals: ["Realm acme", "scope  acme"] }).refused).toEqual([]);
  });

  test("is also refused if terraform forgets the resource instead of deleting it", () => {
    expect(ofPlan([change("openid_client", ["forget"], client("acme"))]).refused).toHaveLength(1);
  });
});

describe("a plan that recreates something", () => {
  const refusal = "replacement acme <- Allow-replacement: acme";

  test.each([[["delete", "create"]], [["create", "delete"]]])(
    "is refused for a client at the same address, by the actions %j",
    (actions) => {
      const resource = change("openid_client", actions, client("acme"), client("acme"));
      expect(ofPlan([resource])).toEqual({ refused: [refusal], overridden: [] });
      expect(ofPlan([resource], { replacements: ["acme"] })).toEqual({
        refused: [],
        overridden: [refusal],
      });
      expect(ofPlan([resource], { replacements: ["globex"], removals: ["acme"] }).refused).toEqual([
        refusal,
      ]);
    },
  );

  test("is refused for a client at a new address, suspended or not", () => {
    for (const enabled of [true, false]) {
      const moved = [
        deleted("openid_client", client("acme", { enabled })),
        change("openid_client", ["create"], null, client("acme", { enabled })),
      ];
      expect(ofPlan(moved).refused).toEqual([refusal]);
    }
  });

  test("is allowed for everything in a realm if the realm is allowed", () => {
    const both = ["delete", "create"];
    const resources = [
      change("realm", both, { realm: "atlas" }, { realm: "atlas" }),
      change("openid_client", both, client("acme"), client("acme")),
    ];
    expect(ofPlan(resources).refused).toEqual([
      "replacement acme,realm atlas <- Allow-replacement: acme; Allow-replacement: realm atlas",
    ]);
    expect(ofPlan(resources, { replacements: ["acme"] }).refused).toHaveLength(1);
    expect(ofPlan(resources, { replacements: ["realm atlas"] }).refused).toEqual([]);
  });

  test("is refused for a client's list of scopes if the client stays", () => {
    const list = change("openid_client_default_scopes", ["delete"], { client_id: "uuid-1" });
    expect(ofPlan([list]).refused).toEqual([
      `replacement ${list.address} <- Allow-replacement: ${list.address}`,
    ]);
    const gone = deleted("openid_client", client("acme", { id: "uuid-1", enabled: false }));
    expect(ofPlan([list, gone]).refused).toEqual([]);
  });
});

test("a plan that renames an API, a scope or a customer is refused", () => {
  const renamed = [
    change("openid_client", ["update"], api("atlas-api"), api("atlas")),
    change("openid_client_scope", ["update"], { name: "orders:read" }, { name: "read" }),
    change("openid_client", ["update"], client("acme"), client("acme2")),
  ];
  expect(ofPlan(renamed).refused).toEqual([
    "removal API atlas-api,scope orders:read <- Allow-removal: API atlas-api; Allow-removal: scope orders:read",
    "not-suspended acme <- Allow-removal: acme",
  ]);
});

describe("a plan that removes or suspends many customers", () => {
  const suspending = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      change(
        "openid_client",
        ["update"],
        client(`s${index}`),
        client(`s${index}`, { enabled: false }),
      ),
    );
  const removing = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      deleted("openid_client", client(`d${index}`, { enabled: false })),
    );

  test("is refused from six customers on, unless a large enough number allows it", () => {
    expect(ofPlan(suspending(5)).refused).toEqual([]);
    const six = [...suspending(3), ...removing(3)];
    const line = "many d0,d1,d2,s0,s1,s2 <- Allow-many: 6";
    expect(ofPlan(six)).toEqual({ refused: [line], overridden: [] });
    expect(ofPlan(six, { many: 5 })).toEqual({ refused: [line], overridden: [] });
    expect(ofPlan(six, { many: 6 })).toEqual({ refused: [], overridden: [line] });
    expect(ofPlan(six, { many: 12 }).overridden).toEqual([line]);
  });

  const among = (customers: number, changes: readonly ResourceChange[]) =>
    lossesOfPlan({
      changes: [...changes, ...kept.slice(0, customers - changes.length)],
      adopted: [],
    });

  test.each([
    [2, 7, false],
    [2, 6, true],
    [3, 10, false],
    [1, 2, false],
    [2, 3, true],
  ])("with %i of %i customers: refused is %s", (count, before, refused) => {
    const losses = among(before, suspending(count));
    expect(verdictOn(losses).refused).toHaveLength(refused ? 1 : 0);
  });

  test("is checked against the environment's limits", () => {
    const losses = among(40, suspending(2));
    expect(guard(losses, { customers: 1, percent: 100 }, nothingAllowed).refused).toHaveLength(1);
    expect(guard(losses, { customers: 9, percent: 4 }, nothingAllowed).refused).toHaveLength(1);
    expect(guard(losses, { customers: 2, percent: 5 }, nothingAllowed).refused).toHaveLength(0);
  });

  test("is refused if no customer is left, even if there was only one", () => {
    const losses = among(1, removing(1));
    expect(verdictOn(losses).refused).toEqual(["empty d0 <- Allow-many: 1"]);
    expect(verdictOn(losses, { many: 1 }).refused).toEqual([]);
    expect(verdictOn(losses, { removals: ["d0"] }).refused).toHaveLength(1);
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

test("a plan that takes nothing away is not refused", () => {
  const harmless = [
    change("openid_client", ["create"], null, client("new")),
    change("openid_client", ["update"], client("acme"), client("acme", { name: "Acme" })),
    change("realm", ["update"], { realm: "atlas" }, { realm: "atlas", display_name: "x" }),
    change("openid_client", ["update"], client("a", { enabled: false }), client("a")),
    change("realm_events", ["delete"], {}),
  ];
  expect(ofPlan(harmless)).toEqual({ refused: [], overridden: [] });
});

test("the text of a refusal has the exact trailers and options, quoted for a shell", () => {
  const resources = [
    deleted("openid_client", client("acme")),
    deleted("openid_client_scope", { name: "it's" }),
  ];
  const changes = [...kept, ...resources];
  const verdict = guard(lossesOfPlan({ changes, adopted: [] }), limits, nothingAllowed);
  expect(refusalText(verdict)).toBe(
    [
      "refused by 2 guard rails",
      '  deletes a realm, API, frontend or scope: "scope it\'s"',
      "    keep its declaration; if it is intended, add this trailer to a commit, or this option:",
      "      Allow-removal: scope it's   --allow-removal 'scope it'\\''s'",
      '  deletes customers that are not suspended: "acme"',
      "    suspend first (enabled: false), deploy that, then remove; if it is intended, add this trailer to a commit, or this option:",
      "      Allow-removal: acme   --allow-removal acme",
    ].join("\n"),
  );
});
