import type { RealmDeclaration } from "../../../../constructs/declaration.ts";
import { clientType } from "../../../../constructs/names/resource-types.ts";
import type { ResourceChange } from "../../../terraform/plan.ts";

/** New client ids of renamed customers, by the previous one. */
export type Renames = ReadonlyMap<string, string>;

/** The renames that a declaration asks for: its `renamedFrom`. Some may be deployed already. */
export function declaredRenames({ customers }: RealmDeclaration): Renames {
  return new Map(
    Object.entries(customers).flatMap(([id, { renamedFrom }]) =>
      renamedFrom === undefined ? [] : [[renamedFrom, id]],
    ),
  );
}

/** The renames that are new: before, the declaration has only the previous id. */
export function newRenames(before: RealmDeclaration, after: RealmDeclaration): Renames {
  const had = (id: string) => Object.hasOwn(before.customers, id);
  return new Map([...declaredRenames(after)].filter(([previous, id]) => had(previous) && !had(id)));
}

/** The renames that a plan makes: it changes the client id in place. */
export function plannedRenames(changes: readonly ResourceChange[], renames: Renames): Renames {
  const planned = new Set(
    changes.flatMap(({ type, change: { before, after } }) =>
      type === clientType && before && after
        ? [JSON.stringify([before.client_id, after.client_id])]
        : [],
    ),
  );
  return new Map([...renames].filter((rename) => planned.has(JSON.stringify(rename))));
}
