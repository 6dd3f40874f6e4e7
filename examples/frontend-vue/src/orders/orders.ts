import type { Api } from "../api/api.ts";
import { ApiProblem, isObject } from "../api/problem.ts";

/** An order. */
export interface Order {
  readonly id: string;
  readonly item: string;
  readonly quantity: number;
  /** The time of creation; undefined if the API does not return it. */
  readonly createdAt: Date | undefined;
}

/** One page of orders, newest first. */
export interface OrderPage {
  readonly orders: readonly Order[];
  /** The argument of {@link listOrders} that returns the next page; undefined on the last one. */
  readonly next: string | undefined;
}

/** Lists the user's newest orders, or the page that `next` of another page refers to. */
export async function listOrders(api: Api, next?: string): Promise<OrderPage> {
  const query = next === undefined ? "" : `?${new URLSearchParams({ before: next }).toString()}`;
  const page = await api("GET", `/orders${query}`);
  if (!isObject(page) || !Array.isArray(page.orders)) throw misunderstood();
  const after = page.next;
  return {
    orders: page.orders.map(orderOf),
    next: typeof after === "string" && after !== "" ? after : undefined,
  };
}

/**
 * Creates an order.
 *
 * @param key the same for each repetition of an order, so that the API creates it only once
 * @returns the order as the API stored it
 */
export async function createOrder(
  api: Api,
  input: Pick<Order, "item" | "quantity">,
  key: string,
): Promise<Order> {
  return orderOf(await api("POST", "/orders", { body: input, idempotencyKey: key }));
}

function orderOf(value: unknown): Order {
  if (!isObject(value)) throw misunderstood();
  const { id, item, quantity, createdAt } = value;
  if (typeof id !== "string" && typeof id !== "number") throw misunderstood();
  if (typeof item !== "string" || typeof quantity !== "number") throw misunderstood();
  const created = typeof createdAt === "string" ? new Date(createdAt) : undefined;
  return {
    id: String(id),
    item,
    quantity,
    createdAt: created === undefined || Number.isNaN(created.getTime()) ? undefined : created,
  };
}

function misunderstood(): ApiProblem {
  return new ApiProblem("unexpected", "This version of Atlas does not understand the answer.");
}
