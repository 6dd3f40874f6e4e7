/** Explicit overrides of guard rails, by trailers in commits or by options. */
export interface Allowed {
  /** `Allow-removal`: entities that may be deleted, a customer by its id, everything else with its kind before the name. */
  readonly removals: readonly string[];
  /** `Allow-replacement`: entities that may be recreated, named in the same way. */
  readonly replacements: readonly string[];
  /** `Allow-many`: number of customers that may be removed or suspended at once; 0 if none is given. */
  readonly many: number;
}

/** Union of two sets of overrides, with the higher number of customers. */
export function combineAllowed(a: Allowed, b: Allowed): Allowed {
  return {
    removals: [...a.removals, ...b.removals],
    replacements: [...a.replacements, ...b.replacements],
    many: Math.max(a.many, b.many),
  };
}
