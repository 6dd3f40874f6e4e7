/** Everything that is measured, in the order in which it is done. */
export const works = {
  "first deploy": { repeats: false },
  "nothing to do": { repeats: true },
  "add one": { repeats: true },
  "nothing to do, shards of one change": { repeats: true },
  "change one permission": { repeats: true },
  verify: { repeats: true },
  drift: { repeats: true },
  review: { repeats: true },
} as const satisfies Record<string, { readonly repeats: boolean }>;

/** The name of something that is measured. */
export type Work = keyof typeof works;

/** The names of everything that is measured, in their order. */
export const workNames = Object.keys(works) as readonly Work[];
