import { setTimeout as sleep } from "node:timers/promises";
import { Refused } from "./orders-client.mjs";
import { Unavailable } from "./patience.mjs";

const items = ["pencil", "notebook", "eraser", "ruler"];

/**
 * Works on its own, as an integration does: lists the orders again and again, and places one every fourth time, with a line for
 * each. What fails is told, and tried again the next time.
 *
 * @param {import("./orders-client.mjs").OrdersClient} client
 * @param {number} every seconds
 * @param {AbortSignal} signal ends it
 */
export async function watch(client, every, signal) {
  try {
    for (let round = 0; ; round += 1) {
      await told(async () => {
        const { orders, next } = await client.list();
        return `has ${next === null ? "" : "more than "}${orders.length} orders`;
      });
      if (round % 4 === 0) {
        await told(async () => {
          const { item, quantity } = await client.place(items[(round / 4) % 4] ?? "", 1);
          return `has placed an order: ${quantity} × ${item}`;
        });
      }
      await sleep(every * 1_000, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    console.log("ended");
  }
}

/** @param {() => Promise<string>} action */
async function told(action) {
  try {
    console.log(await action());
  } catch (error) {
    if (!(error instanceof Refused || error instanceof Unavailable)) throw error;
    console.error(`orders: ${error.message}`);
  }
}
