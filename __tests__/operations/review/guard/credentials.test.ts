import { describe, expect, test } from "@jest/globals";
import { pairSides, type Side } from "../../../../operations/review/compare/resources/pairs.ts";
import { lossesOfChange, lossesOfPlan } from "../../../../operations/review/guard/losses/losses.ts";
import { without } from "../../../../operations/review/compare/values.ts";
import type { ResourceChange } from "../../../../operations/terraform/plan.ts";
import { firstKey, secondKey, signing } from "../credential-cases.ts";
import { addressOf, type Declared, planned, side } from "../synthesized-sides.ts";
import { allowing, change, client, deleted, kept, lossesIn, verdictOn } from "./plans.ts";

type Entry = NonNullable<Declared["customers"]>[string];

const today = "2026-12-01";
const ids = ["a", "b", "c", "d", "e", "f"];

/** A declaration in which some of 26 customers have the same entry. One is synthesized, and the others are copies of it. */
const all = (entry: Entry, count = 6, realm: Declared = {}): Side => {
  const [same, plain] = [entry, {}].map((each) => side({ customers: { a: each }, ...realm }));
  if (!same || !plain) throw new Error("nothing is declared");
  const address = addressOf(same, "keycloak_openid_client", { client_id: "a" });
  const copies = [...ids, ...Array.from({ length: 20 }, (_, index) => `other${index}`)].map(
    (id, index) => {
      const { resources } = index < count ? same : plain;
      return [`${address}_${id}`, { ...resources[address], client_id: id }] as const;
    },
  );
  const others = without(same.resources, address) as Side["resources"];
  return { ...same, resources: { ...others, ...Object.fromEntries(copies) } };
};

/** The plan from one declaration to another, by the values of their resources. */
const planOf = (before: Side, after: Side): ResourceChange[] =>
  Object.entries(after.resources).map(([address, values]) =>
    planned(address, ["update"], before.resources[address] ?? null, values),
  );

const verdicts = (before: Side, after: Side, ...allowed: readonly string[]) => {
  const changes = planOf(before, after);
  const sides = pairSides(before, after);
  return [lossesOfChange(sides, today), lossesOfPlan({ changes, adopted: [] }, sides, today)].map(
    (losses) => verdictOn(losses, allowing(...allowed)),
  );
};

const overlapping: Declared = { authentication: { rotationOverlap: 3_600 } };
const existing: Declared = { existing: true };
const secret = { auth: { method: "client_secret" } } as const;
const jwksUrl = { method: "private_key_jwt", jwksUrl: "https://keys.example.com/1" } as const;
const certificate = (subjectDn: string) =>
  ({ auth: { method: "tls_client_auth", subjectDn } }) as const;

describe.each<[string, Entry, Entry, Declared?]>([
  ["get another method", {}, signing(firstKey)],
  ["go back to a secret", signing(firstKey), secret],
  ["get another subject", certificate("CN=a"), certificate("CN=b")],
  ["lose a key", signing(firstKey, secondKey), signing(secondKey)],
  ["get an address instead of keys", signing(firstKey), { auth: jwksUrl }],
  [
    "get keys at another address",
    { auth: jwksUrl },
    { auth: { ...jwksUrl, jwksUrl: "https://keys.example.com/2" } },
  ],
  ["have tokens bound", {}, { tokenBinding: "dpop" }],
  ["get a lifespan of their own", {}, { tokenLifespan: 120 }],
  ["get the realm's lifespan, which is shorter", { tokenLifespan: 3_600 }, {}],
  ["get the lifespan of a realm that exists already", { tokenLifespan: 60 }, {}, existing],
  ["get a lifespan in a realm that exists already", {}, { tokenLifespan: 600 }, existing],
  ["get a shorter lifespan", { tokenLifespan: 120 }, { tokenLifespan: 60 }],
  ["end within 30 days", {}, { expires: "2026-12-31" }],
  ["end earlier, within 30 days", { expires: "2026-12-31" }, { expires: "2026-12-30" }],
  ["rotate with overlap", {}, { rotation: 2 }, overlapping],
])("customers that %s", (_, before, after, realm) => {
  test("are refused from six on, in declaration and plan, unless Allow-many covers them", () => {
    const line = "many a,b,c,d,e,f <- Allow-many: 6";
    for (const verdict of verdicts(all(before, 6, realm), all(after, 6, realm)))
      expect(verdict).toEqual({ refused: [line], overridden: [] });
    for (const verdict of verdicts(all(before, 6, realm), all(after, 6, realm), "Allow-many: 6"))
      expect(verdict).toEqual({ refused: [], overridden: [line] });
    for (const { refused } of verdicts(all(before, 5, realm), all(after, 5, realm)))
      expect(refused).toEqual([]);
  });
});

test.each<[string, Entry, Entry, Declared?]>([
  ["get a key more", signing(firstKey), signing(firstKey, secondKey)],
  [
    "accept more algorithms",
    { auth: { ...signing(firstKey).auth, algorithm: "EdDSA" } },
    signing(firstKey),
  ],
  ["have tokens bound no more", { tokenBinding: "dpop" }, {}],
  ["get a longer lifespan", { tokenLifespan: 60 }, { tokenLifespan: 120 }],
  ["get the realm's lifespan", { tokenLifespan: 60 }, {}],
  ["name the realm's lifespan", {}, { tokenLifespan: 300 }],
  ["get a longer lifespan than the realm's", {}, { tokenLifespan: 600 }],
  ["end later than in 30 days", {}, { expires: "2027-01-01" }],
  ["end later than before", { expires: "2026-12-10" }, { expires: "2026-12-11" }],
  ["have no end any more", { expires: "2026-12-10" }, {}],
  ["get a lower number of the secret", { rotation: 2 }, { rotation: 1 }],
  ["name the number of their first secret", {}, { rotation: 1 }],
])("customers that %s lose nothing", (_, before, after) => {
  for (const { refused } of verdicts(all(before), all(after))) expect(refused).toEqual([]);
});

test("customers that get a longer lifespan than the realm's lose nothing, also in a plan without the realm", () => {
  const [before, after] = [all({}), all({ tokenLifespan: 600 })];
  const changes = planOf(before, after).filter(({ type }) => type !== "keycloak_realm");
  expect(changes.length).toBeGreaterThan(ids.length);
  const losses = lossesOfPlan({ changes, adopted: [] }, pairSides(before, after), today);
  expect(verdictOn(losses).refused).toEqual([]);
});

test("a rotation that ends the previous secret at once is refused by name, and is not counted as well", () => {
  const names = ids.join(", ");
  const line = `new-secret ${ids.join(",")} <- Allow-new-secret: ${names}`;
  for (const { refused } of verdicts(all({}), all({ rotation: 2 })))
    expect(refused).toEqual([line]);
  for (const { refused } of verdicts(all({}, 1), all({ rotation: 2 }, 1)))
    expect(refused).toEqual(["new-secret a <- Allow-new-secret: a"]);
  for (const verdict of verdicts(all({}), all({ rotation: 2 }), `Allow-new-secret: ${names}`))
    expect(verdict).toEqual({ refused: [], overridden: [line] });
});

describe("a plan that suspends customers", () => {
  const suspending = (before: object, after: object) => {
    const changes = ids.map((id) =>
      change(
        "openid_client",
        ["update"],
        client(id, { extra_config: before }),
        client(id, { extra_config: after, enabled: false }),
      ),
    );
    return verdictOn(lossesIn({ changes: [...kept, ...changes], adopted: [] }, today));
  };
  const many = "many a,b,c,d,e,f <- Allow-many: 6";

  test("is not refused if their last day has passed, as it was counted when it was declared", () => {
    const passed = { expires: "2026-11-30" };
    expect(suspending(passed, passed).refused).toEqual([]);
  });

  test.each([
    ["have no last day", {}, {}],
    ["have a last day that has not passed", { expires: today }, { expires: today }],
    ["get a last day that has passed", {}, { expires: "2026-11-30" }],
    ["get an earlier last day", { expires: "2026-12-20" }, { expires: "2026-11-30" }],
    ["get a later last day", { expires: "2026-11-20" }, { expires: "2026-11-30" }],
    ["lose their last day", { expires: "2026-11-30" }, {}],
  ])("is refused if they %s", (_, before, after) => {
    expect(suspending(before, after).refused).toEqual([many]);
  });

  test("leaves them to be removed in a second step", () => {
    const removal = (enabled: boolean) => {
      const gone = deleted(
        "openid_client",
        client("a", { enabled, extra_config: { expires: "2026-11-30" } }),
      );
      return verdictOn(lossesIn({ changes: [...kept, gone], adopted: [] }, today));
    };
    expect(removal(false).refused).toEqual([]);
    expect(removal(true).refused).toEqual(["not-suspended a <- Allow-removal: a"]);
  });
});
