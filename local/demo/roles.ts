import type { Environment } from "../../configuration/environment.ts";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { ExplainedError } from "../../text/errors.ts";

/** What `examples/backend-flask` asks for. */
const permissions = ["orders:read", "orders:write"];

/** Who plays which part of the demo. */
export interface Roles {
  /** The API that the backend is. */
  readonly api: string;
  /** The frontend's client id. */
  readonly frontend: string;
  /** Enabled customers of the API by client id, those with more permissions first. */
  readonly customers: readonly { readonly id: string; readonly permissions: readonly string[] }[];
}

/**
 * Finds the parts' roles in what is declared.
 *
 * @throws ExplainedError (1) if there is no API or frontend for the examples
 */
export function rolesIn({ apis, frontends, customers }: RealmDeclaration): Roles {
  const [api] = Object.keys(apis).filter((id) =>
    permissions.every((permission) => apis[id]?.includes(permission)),
  );
  const [frontend] = Object.keys(frontends).filter((id) => api && frontends[id]?.[api]);
  if (api === undefined || frontend === undefined) {
    throw new ExplainedError(
      1,
      `the demo's backend needs an API with the permissions ${permissions.join(" and ")}, and a frontend that calls it; main.ts declares none`,
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
 * Where the frontend has to be served, so that Keycloak sends users back to it.
 *
 * @throws ExplainedError (1) if that is not on this machine
 */
export function frontendUrl({ name, frontend }: Environment): URL {
  const local = frontend.redirectUris
    .map((uri) => new URL(uri))
    .find(({ protocol, hostname }) => protocol === "http:" && hostname === "localhost");
  if (local) return new URL("/", local);
  throw new ExplainedError(
    1,
    `environments/${name}.yaml: no redirect URI is one of this machine; the demo serves the frontend at one such as http://localhost:5173/`,
  );
}
