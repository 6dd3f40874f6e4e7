import type { Report } from "../../../operations/review/report.ts";
import { type Declared, report, side } from "./synthesized-sides.ts";

/** A declaration with roles of one API, and groups that have them. */
export const people: Declared = {
  roles: { "atlas-api": { clerk: ["orders:read"], manager: ["orders:read", "orders:write"] } },
  groups: {
    "/clerks": { "atlas-api": ["clerk"] },
    "/sales": {},
    "/sales/managers": { "atlas-api": ["manager"] },
  },
};

const before = side(people);
const changed = (declared: Declared) => report(before, side({ ...people, ...declared }));

/** Names that Keycloak and OAuth permit, and that Markdown would take for something else. */
const hostile = {
  role: "a|b`c:d/e <img src=x> @octocat",
  group: "/``` | [x](javascript:evil) y:z",
};

/** The situations with roles and groups that have a golden file, by its name. */
export const peopleSituations: readonly (readonly [name: string, found: () => Report])[] = [
  ["roles-first", () => report(side({}), before)],
  ["roles-last-refused", () => report(before, side({}))],
  [
    "role-gains-and-loses",
    () =>
      changed({
        roles: {
          "atlas-api": { clerk: ["orders:write"], manager: ["orders:read", "orders:write"] },
        },
      }),
  ],
  [
    "role-and-group-added",
    () =>
      changed({
        roles: { "atlas-api": { ...people.roles?.["atlas-api"], auditor: ["orders:read"] } },
        groups: { ...people.groups, "/auditors": { "atlas-api": ["auditor", "clerk"] } },
      }),
  ],
  [
    "role-removed-refused",
    () =>
      changed({
        roles: { "atlas-api": { clerk: ["orders:read"] } },
        groups: { ...people.groups, "/sales/managers": {} },
      }),
  ],
  ["group-removed-refused", () => changed({ groups: { "/clerks": { "atlas-api": ["clerk"] } } })],
  [
    "groups-lose-roles-refused",
    () => changed({ groups: { "/clerks": {}, "/sales": {}, "/sales/managers": {} } }),
  ],
  ["permission-with-roles-removed-refused", permissionRemoved],
  ["hostile-roles-and-groups", hostileNames],
];

function hostileNames(): Report {
  const { role, group } = hostile;
  const roles = { "atlas-api": { ...people.roles?.["atlas-api"], [role]: ["orders:read"] } };
  const access = { "atlas-api": [role] };
  return report(
    side({ roles, groups: { ...people.groups, "/gone:with/it|`": access, "/gone:with": {} } }),
    side({
      roles: { "atlas-api": { ...roles["atlas-api"], [role]: ["orders:write"] } },
      groups: { ...people.groups, [group]: access },
    }),
  );
}

/** The report of a permission that goes away, with its role and what shows it in tokens. */
function permissionRemoved(): Report {
  const customers = { acme: {} };
  const roles = { "atlas-api": { clerk: ["orders:read"], manager: ["orders:read"] } };
  const apis = { "atlas-api": ["orders:read"] };
  return report(side({ ...people, customers }), side({ ...people, customers, roles, apis }));
}
