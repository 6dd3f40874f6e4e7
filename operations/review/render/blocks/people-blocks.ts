import type { DeclarationChange, RolesOfApi } from "../../compare/declaration-change.ts";
import { roleName } from "../../compare/resources/entity.ts";
import { code } from "../escape.ts";
import { type Budget, names, tableBlock } from "./table-blocks.ts";

/** Lines about APIs whose people need a role from now on, or none any more. No guard rail counts those people. */
export function roleWarnings({ roles: { needed, noLongerNeeded } }: DeclarationChange): string[] {
  return [
    ...needed.map(
      (api) =>
        `**From now on, people need a role at ${code(api)}.** Whoever has none loses everything that the frontends declare there.`,
    ),
    ...noLongerNeeded.map(
      (api) =>
        `**People need no role at ${code(api)} any more.** Everybody who signs in gets everything that the frontends declare there.`,
    ),
  ];
}

/** What roles and groups gain and lose. */
export function peopleBlocks({ roles, groups }: DeclarationChange, budget: Budget): string[] {
  const kinds = ["removed", "added", "changed"] as const;
  return [
    ...tableBlock(
      "Roles",
      ["role", "change", "gains", "loses"],
      kinds.flatMap((change) =>
        roles[change].map(({ api, role, gained, lost }) => [
          code(roleName(api, role)),
          change,
          names(gained, budget) || "–",
          names(lost, budget) || "–",
        ]),
      ),
      budget,
    ),
    ...tableBlock(
      "Groups",
      ["group", "change", "its members gain", "its members lose"],
      kinds.flatMap((change) =>
        groups[change].map(({ path, gained, lost }) => [
          code(path),
          change,
          rolesCell(gained, budget),
          rolesCell(lost, budget),
        ]),
      ),
      budget,
    ),
  ];
}

function rolesCell(list: readonly RolesOfApi[], budget: Budget): string {
  const all = list.flatMap(({ api, roles }) =>
    roles.map((role) => (api === null ? role : roleName(api, role))),
  );
  return names(all, budget) || "–";
}
