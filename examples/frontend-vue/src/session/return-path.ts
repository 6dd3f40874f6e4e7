/**
 * The path to show after a sign-in, with its query and fragment. Instead of everything that could lead to another origin, it is the
 * path of the page.
 *
 * @see [OWASP: unvalidated redirects](https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html)
 */
export function returnPath(value: unknown, page: string): string {
  const { origin, pathname } = new URL(page);
  // Browsers read \ like /, and leave tabs and line breaks out.
  const isPath = typeof value === "string" && /^\/(?![/\\])[^\t\n\r]*$/.test(value);
  return isPath && new URL(value, page).origin === origin ? value : pathname;
}
