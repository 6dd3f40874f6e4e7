import type { Access } from "../../../constructs/declaration.ts";
import type { AccessChange, ApiAccess } from "./declaration-change.ts";
import { sorted } from "./values.ts";

/** Access that a client gains and loses; undefined if neither. */
export function accessChange(id: string, before: Access, after: Access): AccessChange | undefined {
  const change = { id, gained: addedAccess(before, after), lost: addedAccess(after, before) };
  return change.gained.length + change.lost.length > 0 ? change : undefined;
}

/** Access that is in the second argument and not in the first. */
export function addedAccess(before: Access, after: Access): ApiAccess[] {
  return sorted(Object.keys(after)).flatMap((api) => {
    const had = Object.hasOwn(before, api) ? before[api] : undefined;
    const permissions = sorted(after[api] ?? []).filter((name) => !had?.includes(name));
    return had && permissions.length === 0
      ? []
      : [{ api, audience: had === undefined, permissions }];
  });
}
