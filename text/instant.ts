/** An instant in UTC, to the second: `2027-07-01T00:00:00Z`. @param seconds since 1970 */
export function instantText(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(/\.\d+/, "");
}
