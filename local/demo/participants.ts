import type { Environment } from "../../configuration/environment.ts";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { parentGroup } from "../../constructs/names/group-path.ts";
import { RefusedError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { declarationFolder } from "../local-project.ts";

/** Permissions that `examples/backend-flask` demands. */
const permissions = ["orders:read", "orders:write"];

/** The declared API, frontend and customers that the demo uses. */
export interface Participants {
  /** The client id of the API that the backend implements. */
  readonly api: string;
  /** The frontend's client id. */
  readonly frontend: string;
  /** Enabled customers of the API by client id, those with more permissions first. */
  readonly customers: readonly { readonly id: string; readonly permissions: readonly string[] }[];
}

/**
 * Finds what the demo uses in a declaration.
 *
 * @throws RefusedError if there is no API or no frontend for the examples
 */
export function participantsIn({ apis, frontends, customers }: RealmDeclaration): Participants {
  const [api] = Object.keys(apis).filter((id) =>
    permissions.every((permission) => apis[id]?.includes(permission)),
  );
  const [frontend] = Object.keys(frontends).filter((id) => api && frontends[id]?.[api]);
  if (api === undefined || frontend === undefined) {
    throw new RefusedError(
      `the demo's backend needs an API with the permissions ${permissions.join(" and ")}, and a frontend that calls it; declare both in ${declarationFolder}/main.ts`,
    );
  }
  const playing = Object.entries(customers).flatMap(([id, { enabled, access }]) => {
    const granted = access[api];
    return enabled && granted?.includes("orders:read") ? [{ id, permissions: granted }] : [];
  });
  return {
    api,
    frontend,
    customers: playing.sort((one, other) => other.permissions.length - one.permissions.length),
  };
}

/** A person of the demo, and the declared group that this person is a member of. */
export interface PersonRole {
  readonly username: "clerk" | "manager";
  /** The group's path. */
  readonly group: string;
  /** What the group's roles permit at the API. */
  readonly permissions: readonly string[];
}

/**
 * Finds a group for each person of the demo: the clerk may only read orders, the manager may create them too.
 *
 * @throws RefusedError if there is no such group
 */
export function peopleIn(declaration: RealmDeclaration, api: string): readonly PersonRole[] {
  const groups = Object.keys(declaration.groups ?? {});
  const person = (username: PersonRole["username"], permitted: readonly string[]): PersonRole => {
    const group = groups.find((path) => {
      const granted = permissionsOf(path, declaration, api);
      return permissions.every((each) => granted.has(each) === permitted.includes(each));
    });
    if (group !== undefined) return { username, group, permissions: permitted };
    throw new RefusedError(
      `the demo's ${username} needs a group whose roles at ${quoted(api)} permit ${permitted.join(" and ")} and nothing else; declare the role, and the group with GroupRoles, in ${declarationFolder}/main.ts`,
    );
  };
  return [person("clerk", ["orders:read"]), person("manager", permissions)];
}

/** What the members of a group may do at an API: they also have the roles of the groups above. */
function permissionsOf(path: string, declaration: RealmDeclaration, api: string): Set<string> {
  const { groups = {}, roles = {} } = declaration;
  const granted = (groups[path]?.[api] ?? []).flatMap((role) => roles[api]?.[role] ?? []);
  const parent = parentGroup(path);
  const above = parent === undefined ? [] : permissionsOf(parent, declaration, api);
  return new Set([...granted, ...above]);
}

/**
 * The address at which the frontend has to be served, so that Keycloak sends users back to it.
 *
 * @throws RefusedError if it is not on this machine
 */
export function frontendUrl({ frontend }: Environment): URL {
  const local = frontend.redirectUris
    .map((uri) => new URL(uri))
    .find(({ protocol, hostname }) => protocol === "http:" && hostname === "localhost");
  if (local) return new URL("/", local);
  throw new RefusedError(
    `${declarationFolder}/environments/local.yaml: no redirect URI is on this machine; add one for the demo, such as http://localhost:5173/`,
  );
}
