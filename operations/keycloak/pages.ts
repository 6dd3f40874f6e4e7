/** Number of items in one answer. A list of thousands takes Keycloak seconds, and some lists end after 100. */
const page = 100;

/** A page of a list, as Keycloak's Admin API names it. */
interface Range {
  readonly first: number;
  readonly max: number;
}

/** Everything in a list of Keycloak, which is read page by page. */
export async function allPages<T>(read: (range: Range) => Promise<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for (let first = 0; ; first += page) {
    const found = await read({ first, max: page });
    all.push(...found);
    if (found.length < page) return all;
  }
}
