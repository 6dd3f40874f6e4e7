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
  /** Repeats the latest load. */
  readonly reload: () => Promise<void>;
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
  let latest = load;
  /** Orders that were created while the API listed the others, so they may be missing in its answer. */
  let created: readonly Order[] = [];

  async function show(list: () => Promise<OrderPage>, isFirst: boolean): Promise<void> {
    if (loading.value) return;
    latest = isFirst ? load : loadOlder;
    created = [];
    loading.value = true;
    try {
      const loaded = await list();
      pages.value = isFirst ? 1 : pages.value + 1;
      next = loaded.next;
      hasOlder.value = next !== undefined;
      const before = isFirst ? created : (orders.value ?? []);
      orders.value = unique([...before, ...loaded.orders]);
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

  function load(): Promise<void> {
    return show(() => listOrders(api), true);
  }
  function loadOlder(): Promise<void> {
    return show(() => listOrders(api, next), false);
  }
  function add(order: Order): void {
    created = [order, ...created];
    orders.value = unique([order, ...(orders.value ?? [])]);
  }
  return {
    orders,
    pages,
    hasOlder,
    loading,
    problem,
    load,
    loadOlder,
    reload: () => latest(),
    add,
  };
}

/** Removes duplicates: pages overlap if an order was created in between. */
function unique(orders: readonly Order[]): readonly Order[] {
  return [...new Map(orders.map((order) => [order.id, order])).values()];
}
