import { isObject } from "../api/problem.ts";
import { keep, kept } from "../kept.ts";

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

const NAME = "new order";

/** Keeps a user's draft in this tab while the page is away for a sign-in, or reloads. */
export function keepDraft(user: string, draft: KeptDraft): void {
  keep(NAME, { user, ...draft });
}

/** The user's draft; undefined if there is none, or it is of somebody else. */
export function keptDraft(user: string): KeptDraft | undefined {
  const draft = kept(NAME);
  return isObject(draft) && draft.user === user ? (draft as unknown as KeptDraft) : undefined;
}
