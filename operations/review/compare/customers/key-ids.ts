import { thumbprint } from "../../../../configuration/customers/keys/public-keys.ts";

/** Names of a public key, without the key. */
export interface KeyId {
  /** The key id; null if the key has none. */
  readonly kid: string | null;
  /** SHA-256 of the key, see {@link thumbprint}. */
  readonly thumbprint: string;
}

/** The keys of a key set in text; none if there is no key set. */
export function keyIds(text: unknown): KeyId[] {
  if (typeof text !== "string") return [];
  return keysIn(text).map((key) => ({
    kid: typeof key.kid === "string" ? key.kid : null,
    thumbprint: thumbprint(key as Record<string, string>),
  }));
}

function keysIn(text: string): Record<string, unknown>[] {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    const list: readonly unknown[] = Array.isArray(keys) ? keys : [];
    return list.filter((key) => typeof key === "object" && key !== null) as Record<
      string,
      unknown
    >[];
  } catch {
    return [];
  }
}

/** The keys that are in the second list and not in the first. */
export function addedKeys(before: readonly KeyId[], after: readonly KeyId[]): KeyId[] {
  const had = new Set(before.map(keyOf));
  return after.filter((each) => !had.has(keyOf(each)));
}

/** Key of a key's names. A signature names the key id, so another one is another key. */
function keyOf({ kid, thumbprint: hash }: KeyId): string {
  return JSON.stringify([kid, hash]);
}
