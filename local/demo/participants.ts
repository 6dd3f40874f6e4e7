import type { Environment } from "../../configuration/environment.ts";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { RefusedError } from "../../text/errors.ts";
import { declarationFolder } from "../local-project.ts";

/** Permissions that `examples/backend-flask` demands. */
const permissions = ["orders:read", "orders:write"];

/** The declared API, frontend and customers that the demo uses. */
export interface Roles {
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
export function rolesIn({ apis, frontends, customers }: RealmDeclaration): Roles {
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
