/** A value in single quotes, as POSIX shells read it back. */
export function shellQuoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
