import { expect, test } from "@jest/globals";
import { inFlight } from "../../system/in-flight.ts";

/** A turn of the event loop, in which other items go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test("runs so many items at the same time, and no more, and keeps their order", async () => {
  let running = 0;
  let most = 0;
  const results = await inFlight(3, [5, 1, 4, 2, 3, 0, 6], async (turns) => {
    most = Math.max(most, ++running);
    for (let each = 0; each < turns; each++) await turn();
    running--;
    return turns * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30, 0, 60]);
  expect(most).toBe(3);
});

test("begins no further item after an error", async () => {
  const begun: number[] = [];
  const run = inFlight(2, [1, 2, 3, 4, 5], async (item) => {
    begun.push(item);
    await turn();
    if (item === 1) throw new Error("the first one failed");
    await turn();
  });
  await expect(run).rejects.toThrow("the first one failed");
  await turn();
  await turn();
  expect(begun).toEqual([1, 2]);
});
