import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type Deployed,
  type Homes,
  movesBetween,
  type StateMove,
  type States,
  withAdded,
  withoutRemoved,
} from "../../../operations/reshard/moves.ts";
import { addressOf, type State, type StoredResource } from "../../../operations/reshard/states.ts";

const stacks = ["realm", "customers-1", "customers-2", "customers-3"];

/** A resource of a customer, with fields that this project does not know. */
function resource(name: string, id = `id of ${name}`): StoredResource {
  return {
    ...{ mode: "managed", type: "keycloak_openid_client", name, provider: "keycloak" },
    instances: [
      { schema_version: 0, attributes: { id, client_id: name }, private: `private of ${name}` },
    ],
  };
}

const realm: StoredResource = { ...resource("atlas"), type: "keycloak_realm" };

function state(resources: readonly StoredResource[]): State {
  return {
    ...{ version: 4, terraform_version: "1.14.1", serial: 7, lineage: "a", check_results: null },
    outputs: {},
    resources: [...resources],
  };
}

/** The states of all stacks, with customers by the stacks that have them. */
function statesWith(places: Readonly<Record<string, readonly string[]>>): States {
  return new Map(
    stacks.map((stack) => {
      const names = Object.keys(places).filter((name) => places[name]?.includes(stack));
      const own = names.map((name) => resource(name));
      return [stack, state(stack === "realm" ? [realm, ...own] : own)];
    }),
  );
}

const addressOfCustomer = (name: string) => `keycloak_openid_client.${name}`;

const belongsTo = (homes: Readonly<Record<string, string>>) =>
  new Map(Object.entries(homes).map(([name, home]) => [addressOfCustomer(name), home]));

const everywhere: Deployed = { stacks: new Set(stacks), homes: new Map() };

/** The moves if every stack has been deployed. */
const movesTo = (states: States, belongs: Homes) => movesBetween(states, belongs, everywhere);

/** The states after the first moves, each of which adds and then removes. Without a number, all moves are made. */
function moved(states: States, moves: readonly StateMove[], writes = Infinity): States {
  const after = new Map(states);
  const steps = [withAdded, withoutRemoved].flatMap((step) =>
    moves.map((move) => ({ step, move })),
  );
  for (const { step, move } of steps.slice(0, writes))
    after.set(move.stack, step(after.get(move.stack) ?? state([]), move));
  return after;
}

/** The stacks whose states have a customer. */
const stacksWith = (states: States, name: string) =>
  [...states].flatMap(([stack, found]) =>
    (found?.resources ?? [])
      .filter((each) => addressOf(each) === addressOfCustomer(name))
      .map(() => stack),
  );

const stack = fc.constantFrom(...stacks);
/** Customers by their home, and by the stacks that have them: one, or two after a move that was interrupted. */
const placed = fc.dictionary(
  fc.constantFrom("acme", "globex", "hooli", "initech", "umbrella"),
  fc.record({ home: stack, places: fc.uniqueArray(stack, { minLength: 1, maxLength: 2 }) }),
);

const statesAndHomes = placed.map((customers) => {
  const entries = Object.entries(customers);
  return {
    homes: Object.fromEntries(entries.map(([name, { home }]) => [name, home])),
    states: statesWith(Object.fromEntries(entries.map(([name, { places }]) => [name, places]))),
  };
});

describe("the moves of customers' states", () => {
  test("bring every resource unchanged to the one stack that it belongs to", () => {
    fc.assert(
      fc.property(statesAndHomes, ({ homes, states }) => {
        const after = moved(states, movesTo(states, belongsTo(homes)));
        for (const [name, home] of Object.entries(homes)) {
          expect(stacksWith(after, name)).toEqual([home]);
          expect(after.get(home)?.resources).toContainEqual(resource(name));
        }
        expect(after.get("realm")?.resources).toContainEqual(realm);
        expect([...after.values()].flatMap((each) => each?.resources ?? [])).toHaveLength(
          Object.keys(homes).length + 1,
        );
      }),
    );
  });

  test("are none after that", () => {
    fc.assert(
      fc.property(statesAndHomes, ({ homes, states }) => {
        const after = moved(states, movesTo(states, belongsTo(homes)));
        expect(movesTo(after, belongsTo(homes))).toEqual([]);
      }),
    );
  });

  test("lose nothing if they are interrupted after any write, and can be completed", () => {
    fc.assert(
      fc.property(statesAndHomes, fc.nat({ max: 8 }), ({ homes, states }, writes) => {
        const half = moved(states, movesTo(states, belongsTo(homes)), writes);
        for (const name of Object.keys(homes)) expect(stacksWith(half, name)).not.toEqual([]);
        const after = moved(half, movesTo(half, belongsTo(homes)));
        for (const [name, home] of Object.entries(homes))
          expect(stacksWith(after, name)).toEqual([home]);
      }),
    );
  });

  test("write only the states that change, with everything else as it was", () => {
    const states = statesWith({ acme: ["realm"], globex: ["customers-2"] });
    const homes = belongsTo({ acme: "customers-1", globex: "customers-2" });
    const moves = movesTo(states, homes);
    expect(moves.map((move) => move.stack)).toEqual(["realm", "customers-1"]);
    const after = moved(states, moves);
    expect(after.get("customers-1")).toEqual(state([resource("acme")]));
    expect(after.get("customers-2")).toEqual(states.get("customers-2"));
  });

  test("create the state of a new shard", () => {
    const states = new Map([...statesWith({ acme: ["realm"] }), ["customers-1", undefined]]);
    const after = moved(states, movesTo(states, belongsTo({ acme: "customers-1" })));
    expect(after.get("customers-1")?.resources).toEqual([resource("acme")]);
  });

  test("keep a dependency on what has moved too, and no other", () => {
    const list = {
      ...resource("acme_list"),
      instances: [
        {
          attributes: { id: "1" },
          dependencies: ["keycloak_openid_client.acme", "keycloak_realm.atlas"],
        },
      ],
    };
    const states = new Map([["realm", state([realm, resource("acme"), list])]]);
    states.set("customers-1", state([]));
    const homes = belongsTo({ acme: "customers-1", acme_list: "customers-1" });
    const after = moved(states, movesTo(states, homes));
    expect(after.get("customers-1")?.resources[1]?.instances[0]?.dependencies).toEqual([
      "keycloak_openid_client.acme",
    ]);
  });
});

describe("after a move that was interrupted", () => {
  const deployed: Deployed = {
    stacks: new Set(["realm"]),
    homes: belongsTo({ acme: "realm" }),
  };

  test("what is in the deployed stack counts, and replaces a copy", () => {
    const states = new Map(statesWith({ acme: ["realm"] }));
    states.set("customers-1", state([resource("acme", "an older id")]));
    const homes = belongsTo({ acme: "customers-1" });
    const after = moved(states, movesBetween(states, homes, deployed));
    expect(after.get("customers-1")?.resources).toEqual([resource("acme")]);
    expect(stacksWith(after, "acme")).toEqual(["customers-1"]);
  });

  test("a copy of a customer that has been removed since is dropped", () => {
    const states = statesWith({ acme: ["realm"], gone: ["customers-2"] });
    const homes = belongsTo({ acme: "customers-1" });
    const after = moved(states, movesBetween(states, homes, deployed));
    expect(stacksWith(after, "gone")).toEqual([]);
    expect(stacksWith(after, "acme")).toEqual(["customers-1"]);
  });
});

describe("a move is refused", () => {
  const homes = belongsTo({ acme: "customers-1" });
  const refusal = (states: States, belongs = homes) => {
    try {
      movesTo(states, belongs);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test("if two states have different objects at one address", () => {
    const states = new Map(statesWith({ acme: ["realm"] }));
    states.set("customers-2", state([resource("acme", "another id")]));
    expect(refusal(states)).toBe(
      "keycloak_openid_client.acme is one object in the state of realm, and another one in that of customers-2; nothing is moved; restore the right state from a backup",
    );
  });

  test("if a declared resource is in no state", () => {
    expect(refusal(statesWith({}))).toBe(
      [
        "a resource of a customer is declared, but in no state; nothing is moved:",
        "  keycloak_openid_client.acme",
        "deploy them first, with the number of shards that was deployed last",
      ].join("\n"),
    );
  });

  test("if a shard has a resource that is not declared", () => {
    expect(refusal(statesWith({ acme: ["customers-1"], gone: ["customers-2"] }))).toBe(
      [
        "these resources are in the state of a shard, but not declared; nothing is moved:",
        "  keycloak_openid_client.gone (customers-2)",
        "deploy their removal first, with the number of shards that was deployed last",
      ].join("\n"),
    );
  });
});
