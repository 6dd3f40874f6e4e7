import { isObject } from "../api/problem.ts";

/** The form's input, as typed. */
export interface Draft {
  item: string;
  quantity: string;
}

/** A draft, and the order that was sent with it. */
export interface KeptDraft {
  readonly draft: Draft;
  /** The request of the latest attempt, with its `Idempotency-Key`. */
  readonly attempt: { readonly body: string; readonly key: string } | undefined;
}

const KEY = "new order";

/** Keeps a user's draft in this tab while the page is away for a sign-in, or reloads. */
export function keepDraft(user: string, kept: KeptDraft): void {
  sessionStorage.setItem(KEY, JSON.stringify({ user, ...kept }));
}

/** The user's draft; undefined if there is none, or it is of somebody else. */
export function keptDraft(user: string): KeptDraft | undefined {
  const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  return isObject(kept) && kept.user === user ? (kept as unknown as KeptDraft) : undefined;
}
