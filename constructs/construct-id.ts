/**
 * A construct's id from a name that people choose. The mark in front keeps it apart from what constructs and cdktf call their
 * own: constructs keeps children in a plain object, where "constructor" is there already. A slash, which constructs would
 * replace, and the dollar sign of a template, which cdktf would read as a token, are escaped.
 */
export function constructId(mark: string, name: string): string {
  return `${mark}${name.replace(/[%/$]/g, encodeURIComponent)}`;
}
