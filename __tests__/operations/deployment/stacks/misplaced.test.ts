import { describe, expect, test } from "@jest/globals";
import type { RealmDeclaration } from "../../../../constructs/declaration.ts";
import {
  misplacedProblem,
  shardsProblem,
} from "../../../../operations/deployment/stacks/misplaced.ts";
import {
  numberOfShards,
  shardsOutputOf,
} from "../../../../operations/terraform/state/stored-shards.ts";
import { change, client, deleted } from "../../review/guard/plans.ts";

type Changes = readonly ReturnType<typeof change>[];

/** The problem of the plans of several stacks with three shards. */
function problem(customers: Readonly<Record<string, object>>, ...plans: readonly Changes[]) {
  return misplacedProblem(
    plans.map((changes) => ({ planned: { changes, adopted: [] } })),
    { customers, shards: 3 } as unknown as RealmDeclaration,
  );
}

const created = (id: string) => change("openid_client", ["create"], null, client(id));
const removed = (id: string) => deleted("openid_client", client(id));

describe("a plan that deletes the client of a declared customer", () => {
  test("is refused if the customer's state is in another shard", () => {
    expect(problem({ acme: {} }, [removed("acme")], [created("acme")])).toBe(
      'the states of these customers are not in the stacks that they belong to: "acme"; nothing is applied; npm run reshard -- --to 3 moves them',
    );
  });

  test("is not refused here if the same stack creates it at another address", () => {
    expect(problem({ acme: {} }, [removed("acme"), created("acme")])).toBeUndefined();
  });

  test("is refused if it was renamed again before its first renaming was complete", () => {
    expect(problem({ c: { renamedFrom: "b" } }, [removed("b")], [created("c")])).toBe(
      'the customer "c" is renamed from "b", whose state is in another shard; nothing is applied; declare it as "b" without renamedFrom, run npm run reshard -- --to 3, and then rename it',
    );
  });
});

test("a plan that deletes the client of a customer that is not declared any more is not refused here", () => {
  expect(problem({ acme: {} }, [removed("gone")])).toBeUndefined();
});

describe("a number of shards", () => {
  test.each([{ count: 1 }, { count: 4 }, { count: 2, movingUpTo: 8 }])(
    "is read from a state as it was stored: %j",
    (shards) => {
      const outputs = { customer_shards: shardsOutputOf(shards) };
      expect(numberOfShards({ outputs })).toEqual(shards);
    },
  );

  test.each([null, undefined, {}, { outputs: {} }, { outputs: { customer_shards: {} } }])(
    "is not in the state %j",
    (state) => {
      expect(numberOfShards(state)).toBeUndefined();
    },
  );

  test("is a problem if it differs from the one in the state, or a move is not complete", () => {
    expect(shardsProblem(undefined, 3)).toBeUndefined();
    expect(shardsProblem({ count: 3 }, 3)).toBeUndefined();
    expect(shardsProblem({ count: 4 }, 3)).toBe(
      "the states of customers are in 4 shards, not in 3; nothing is applied; set shards: 4, or run npm run reshard -- --to 3",
    );
    expect(shardsProblem({ count: 3, movingUpTo: 4 }, 3)).toMatch(
      /was interrupted; nothing is applied; npm run reshard -- --to 3 moves them/,
    );
  });
});
