const { VITE_KEYCLOAK_REALM: realm, VITE_KEYCLOAK_CLIENT_ID: clientId } = import.meta.env;

/** The name of something that this page shares with other tabs or keeps. Other pages of the same origin have other names. */
export function nameOf(thing: string): string {
  return `${realm} ${clientId} ${thing}`;
}

/** Keeps a value in this tab while the page is away for a sign-in, or reloads. */
export function keep(thing: string, value: unknown): void {
  sessionStorage.setItem(nameOf(thing), JSON.stringify(value));
}

/** A value that this tab keeps; undefined if there is none. */
export function kept(thing: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(thing)) ?? "") as unknown;
  } catch {
    return undefined;
  }
}

/** Removes everything that this page keeps in this tab. */
export function removeKept(): void {
  for (const name of Object.keys(sessionStorage))
    if (name.startsWith(nameOf(""))) sessionStorage.removeItem(name);
}
