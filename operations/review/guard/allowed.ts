/** What is allowed explicitly, by trailers in commits or by options. */
export interface Allowed {
  /** `Allow-removal`: what may be deleted, a customer by its id, everything else with its kind before the name. */
  readonly removals: readonly string[];
  /** `Allow-replacement`: what may be recreated, named in the same way. */
  readonly replacements: readonly string[];
  /** `Allow-many`: how many customers may be removed or suspended at once. */
  readonly many: number;
}

/** What either of two allows. */
export function combineAllowed(a: Allowed, b: Allowed): Allowed {
  return {
    removals: [...a.removals, ...b.removals],
    replacements: [...a.replacements, ...b.replacements],
    many: Math.max(a.many, b.many),
  };
}
