/**
 * Runs a function for every item, for a few of them at the same time. After an error no further item is begun.
 *
 * @param count the number of items at the same time
 * @returns the results in the order of the items
 */
export async function inFlight<Item, Result>(
  count: number,
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      try {
        results[index] = await run(items[index] as Item);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: count }, worker));
  return results;
}
