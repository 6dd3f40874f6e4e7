import { setTimeout as sleep } from "node:timers/promises";

const items = ["pencil", "notebook", "eraser", "ruler"];

/**
 * Runs like an integration: lists the orders repeatedly, and places one every fourth time. It prints one line for each action. A
 * failed action prints its error and is retried the next time.
 *
 * @param {import("./orders-client.mjs").OrdersClient} client
 * @param {number} every the seconds between two rounds
 * @param {AbortSignal} signal stops it
 */
export async function watch(client, every, signal) {
  for (let round = 0; !signal.aborted; round += 1) {
    await report(async () => {
      const { orders, next } = await client.list();
      return `found ${next === null ? "" : "more than "}${orders.length} orders`;
    });
    if (round % 4 === 0) {
      await report(async () => {
        const item = items[(round / 4) % 4] ?? "";
        await client.place(item, 1);
        return `placed an order: 1 × ${item}`;
      });
    }
    await sleep(every * 1_000, undefined, { signal }).catch(() => undefined);
  }
  console.log("stopped");

  /**
   * Prints the result of an action, or its error.
   *
   * @param {() => Promise<string>} action
   */
  async function report(action) {
    try {
      console.log(await action());
    } catch (error) {
      // whatever failed, the next round may succeed
      if (!signal.aborted)
        console.error(`orders: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
