/**
 * The path to show after a sign-in, with its query and fragment. Everything that could lead to another origin is the fallback.
 *
 * @see [OWASP: unvalidated redirects](https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html)
 */
export function returnPath(value: unknown, fallback: string): string {
  // Browsers read \ like /, and leave tabs and line breaks out.
  const isPath = typeof value === "string" && /^\/(?![/\\])[^\\\s]*$/.test(value);
  return isPath ? value : fallback;
}
