import { type Ref, type ShallowRef, ref, shallowRef } from "vue";
import type { Api } from "../api/api.ts";
import { ApiProblem } from "../api/problem.ts";
import { type Order, type OrderPage, listOrders } from "./orders.ts";

/** The orders on the page. */
export interface Orders {
  /** Undefined until they have been loaded once. */
  readonly orders: Readonly<ShallowRef<readonly Order[] | undefined>>;
  /** The number of pages that have been loaded. */
  readonly pages: Readonly<Ref<number>>;
  readonly hasOlder: Readonly<Ref<boolean>>;
  readonly loading: Readonly<Ref<boolean>>;
  /** The problem of the latest load, if it failed. */
  readonly problem: Readonly<ShallowRef<ApiProblem | undefined>>;
  readonly load: () => Promise<void>;
  readonly loadOlder: () => Promise<void>;
  /** Adds an order that was just created. */
  readonly add: (order: Order) => void;
}

/** Loads the user's orders from the API. */
export function useOrders(api: Api): Orders {
  const orders = shallowRef<readonly Order[]>();
  const pages = ref(0);
  const hasOlder = ref(false);
  const loading = ref(false);
  const problem = shallowRef<ApiProblem>();
  let next: string | undefined;

  async function show(page: Promise<OrderPage>, isFirst: boolean): Promise<void> {
    loading.value = true;
    try {
      const loaded = await page;
      pages.value = isFirst ? 1 : pages.value + 1;
      next = loaded.next;
      hasOlder.value = next !== undefined;
      orders.value = unique([...(isFirst ? [] : (orders.value ?? [])), ...loaded.orders]);
      problem.value = undefined;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      problem.value = error;
      // A user without the permission must not see orders that were loaded before.
      if (error.kind === "forbidden") orders.value = undefined;
    } finally {
      loading.value = false;
    }
  }

  const load = async () => {
    if (!loading.value) await show(listOrders(api), true);
  };
  const loadOlder = async () => {
    if (!loading.value) await show(listOrders(api, next), false);
  };
  const add = (order: Order) => {
    orders.value = unique([order, ...(orders.value ?? [])]);
  };
  return { orders, pages, hasOlder, loading, problem, load, loadOlder, add };
}

/** Removes duplicates: pages overlap if an order was created in between. */
function unique(orders: readonly Order[]): readonly Order[] {
  return [...new Map(orders.map((order) => [order.id, order])).values()];
}
