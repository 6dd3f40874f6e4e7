/**
 * A construct id from a name that people choose. The mark in front avoids a clash with ids that constructs and cdktf use
 * themselves. It also avoids the id "constructor": constructs stores children in a plain object, which already has that key.
 * A slash, which constructs would replace, and a dollar sign, which cdktf would read as a token, are escaped.
 */
export function constructId(mark: string, name: string): string {
  return `${mark}${name.replace(/[%/$]/g, encodeURIComponent)}`;
}
