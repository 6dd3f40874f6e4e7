import { z } from "zod";
import { reservedClientIds } from "../../constructs/names/reserved-names.ts";
import { quoted } from "../../text/quoted.ts";

const idPattern = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

/**
 * Schema of a customer's id, which is its client id.
 *
 * @param clientIds the client ids that the declaration uses already
 */
export function idSchema(clientIds: readonly string[]) {
  const taken = new Set([...reservedClientIds, ...clientIds]);
  return z
    .string()
    .regex(idPattern, {
      error: ({ input }) =>
        `the id ${quoted(input)} is not allowed; use a-z, 0-9 and -, start with a letter and do not end with -`,
    })
    .max(63, {
      error: ({ input }) => `the id ${quoted(input)} is longer than 63 characters; shorten it`,
    })
    .refine((id) => !taken.has(id), {
      error: ({ input }) =>
        `the id ${quoted(input)} is used by Keycloak or the declaration; choose another`,
    });
}

/** The previous id of an entry that cannot be one, and why. */
export interface RenameProblem {
  /** The id of the entry. */
  readonly id: string;
  readonly message: string;
}

/** Problems of the previous ids in all entries: only one entry continues a client, and only if no other entry still has it. */
export function renameProblems(entries: Readonly<Record<string, unknown>>): RenameProblem[] {
  const seen = new Map<string, string>();
  return Object.entries(entries).flatMap(([id, entry]) => {
    const { renamedFrom: before } = (entry ?? {}) as { renamedFrom?: unknown };
    if (typeof before !== "string") return [];
    const other = seen.get(before);
    seen.set(before, other ?? id);
    const message = renameProblem(id, before, entries, other);
    return message === undefined ? [] : [{ id, message }];
  });
}

function renameProblem(
  id: string,
  before: string,
  entries: Readonly<Record<string, unknown>>,
  other: string | undefined,
): string | undefined {
  if (before === id) return "is the customer's own id; write its previous one, or remove the field";
  if (Object.hasOwn(entries, before))
    return `the id ${quoted(before)} is still a customer; remove that entry, or this field`;
  return other === undefined
    ? undefined
    : `the id ${quoted(before)} is also the previous id of ${quoted(other)}; keep it in one entry`;
}
