import { describe, expect, test } from "@jest/globals";
import type { RealmDeclaration } from "../../../../constructs/declaration.ts";
import { refuseMisplacedCustomers } from "../../../../operations/deployment/stacks/misplaced.ts";
import { change, client, deleted } from "../../review/guard/plans.ts";

type Changes = readonly ReturnType<typeof change>[];

/** The refusal of the plans of several stacks with three shards, or "" if there is none. */
function refusal(
  customers: Readonly<Record<string, object>>,
  ...plans: readonly Changes[]
): string {
  const declaration = { customers, shards: 3 } as unknown as RealmDeclaration;
  try {
    refuseMisplacedCustomers(
      plans.map((changes) => ({ planned: { changes, adopted: [] } })),
      declaration,
    );
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const created = (id: string) => change("openid_client", ["create"], null, client(id));
const removed = (id: string) => deleted("openid_client", client(id));

describe("a plan that deletes the client of a declared customer", () => {
  test("is refused if the customer's state is in another shard", () => {
    expect(refusal({ acme: {} }, [removed("acme")], [created("acme")])).toBe(
      'the states of these customers are not in the stacks that they belong to: "acme"; nothing is applied; npm run reshard -- --to 3 moves them',
    );
  });

  test("is not refused here if the same stack creates it at another address", () => {
    expect(refusal({ acme: {} }, [removed("acme"), created("acme")])).toBe("");
  });

  test("is refused if it was renamed again before its first renaming was complete", () => {
    expect(refusal({ c: { renamedFrom: "b" } }, [removed("b")], [created("c")])).toBe(
      'the customer "c" is renamed from "b", whose own renaming is not complete; nothing is applied; declare it as "b" without renamedFrom, run npm run reshard -- --to 3, and then rename it',
    );
  });
});

test("a plan that deletes the client of a customer that is not declared any more is not refused here", () => {
  expect(refusal({ acme: {} }, [removed("gone")])).toBe("");
});
