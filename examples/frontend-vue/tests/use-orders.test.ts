import { expect, test } from "vitest";
import { ApiProblem } from "../src/api/problem.ts";
import type { Api } from "../src/api/api.ts";
import { useOrders } from "../src/orders/use-orders.ts";

const order = (id: string) => ({ id, item: `item ${id}`, quantity: 1 });

/** An API that answers when the test says so. */
function heldApi() {
  const calls: { path: string; answer: (page: unknown) => void; fail: () => void }[] = [];
  const api: Api = (_, path) =>
    new Promise((resolve, reject) => {
      calls.push({
        path,
        answer: resolve,
        fail: () => {
          reject(new ApiProblem("unreachable"));
        },
      });
    });
  const last = () => calls.at(-1) ?? expect.fail("no call");
  return { api, calls, last };
}

const page = (ids: readonly string[], next?: string) => ({ orders: ids.map(order), next });
const ids = ({ orders }: ReturnType<typeof useOrders>) => orders.value?.map(({ id }) => id);

test("keeps an order that was created while the list was on its way", async () => {
  const { api, last } = heldApi();
  const orders = useOrders(api);
  const loading = orders.load();
  orders.add({ ...order("new"), createdAt: undefined });
  last().answer(page(["old"]));
  await loading;
  expect(ids(orders)).toEqual(["new", "old"]);

  const again = orders.load();
  last().answer(page(["newest", "new"]));
  await again;
  expect(ids(orders)).toEqual(["newest", "new"]);
});

test("shows an order once that is in the list already", async () => {
  const { api, last } = heldApi();
  const orders = useOrders(api);
  const loading = orders.load();
  orders.add({ ...order("new"), createdAt: undefined });
  last().answer(page(["new", "old"]));
  await loading;
  expect(ids(orders)).toEqual(["new", "old"]);
});

test("repeats the page that failed, and keeps the others", async () => {
  const { api, calls, last } = heldApi();
  const orders = useOrders(api);
  const first = orders.load();
  last().answer(page(["3", "2"], "2"));
  await first;
  const older = orders.loadOlder();
  last().fail();
  await older;
  expect(orders.problem.value?.kind).toBe("unreachable");

  const again = orders.reload();
  last().answer(page(["1"]));
  await again;
  expect(calls.map(({ path }) => path)).toEqual([
    "/orders",
    "/orders?before=2",
    "/orders?before=2",
  ]);
  expect(ids(orders)).toEqual(["3", "2", "1"]);
  expect(orders.problem.value).toBeUndefined();
});
