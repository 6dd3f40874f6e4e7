import { isNotFound } from "../../keycloak/errors.ts";
import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import { ProviderError } from "../../protocol/diagnostics.ts";
import { textOf, textsOf, type State } from "../../protocol/value.ts";
import { scopesOfRealm, without, type Scope, type ScopeKind } from "../client-scope/scope-list.ts";
import type { ResourceType } from "../resource-type.ts";
import { clientPath } from "./client-path.ts";

/**
 * `keycloak_openid_client_default_scopes` and `keycloak_openid_client_optional_scopes`: the scopes of a client. It is
 * authoritative: scopes that are not listed are detached.
 */
export function attachedClientScopes(kind: ScopeKind): ResourceType {
  const attribute = `${kind}_scopes`;

  async function reconcile(keycloak: Keycloak, state: State): Promise<void> {
    const wanted = textsOf(state, attribute);
    const present = await attachedNames(keycloak, state, kind);
    await detach(keycloak, state, without(present, wanted));
    await attach(keycloak, state, without(wanted, present));
  }

  async function detach(keycloak: Keycloak, state: State, names: readonly string[]): Promise<void> {
    for (const { id } of await scopesNamed(keycloak, state, names))
      await keycloak.delete(`${listPath(state, kind)}${apiPath`/${id}`}`);
  }

  async function attach(keycloak: Keycloak, state: State, names: readonly string[]): Promise<void> {
    await refuseBearerOnly(keycloak, state);
    const scopes = await scopesNamed(keycloak, state, names);
    const other = kind === "default" ? "optional" : "default";
    const taken = await attachedNames(keycloak, state, other);
    const missing = names.find((name) => !scopes.some((scope) => scope.name === name));
    if (missing !== undefined) throw invalid(`scope ${missing} does not exist`);
    for (const { id, name } of scopes) {
      const article = other === "optional" ? "an" : "a";
      if (taken.includes(name))
        throw invalid(`scope ${name} is already attached to client as ${article} ${other} scope`);
      await keycloak.put(`${listPath(state, kind)}${apiPath`/${id}`}`);
    }
  }

  function invalid(message: string): ProviderError {
    return new ProviderError(`validation error: ${message}`, [attribute]);
  }

  return {
    name: `keycloak_openid_client_${kind}_scopes`,
    shape: {
      fields: { realm_id: { forceNew: true }, client_id: { forceNew: true }, [attribute]: {} },
    },

    async create({ keycloak }, { state }) {
      try {
        await reconcile(keycloak, state);
      } catch (error) {
        throw isNotFound(error) ? unknownClient(state) : error;
      }
      // Keycloak has accepted each of them, so they are not read back
      state.id = idOf(state);
    },

    async read({ keycloak }, state) {
      state[attribute] = await attachedNames(keycloak, state, kind);
      state.id = idOf(state);
    },

    async update(context, change) {
      await this.create(context, change);
    },

    async delete({ keycloak }, state) {
      await detach(keycloak, state, textsOf(state, attribute));
    },
  };
}

function idOf(state: State): string {
  return `${textOf(state, "realm_id")}/${textOf(state, "client_id")}`;
}

function parentPath(state: State): string {
  return clientPath(state, textOf(state, "client_id"));
}

function listPath(state: State, kind: ScopeKind): string {
  return `${parentPath(state)}/${kind}-client-scopes`;
}

/** The names of a client's scopes, which Keycloak sends with the client. */
async function attachedNames(keycloak: Keycloak, state: State, kind: ScopeKind): Promise<string[]> {
  const client = await keycloak.getOnce<Readonly<Record<string, readonly string[] | undefined>>>(
    parentPath(state),
  );
  return [...(client[`${kind}ClientScopes`] ?? [])];
}

async function refuseBearerOnly(keycloak: Keycloak, state: State): Promise<void> {
  const { bearerOnly } = await keycloak.getOnce(parentPath(state));
  if (bearerOnly === true) {
    throw new ProviderError(
      `validation error: client with id ${textOf(state, "client_id")} uses access type BEARER-ONLY, which has no scopes`,
    );
  }
}

async function scopesNamed(
  keycloak: Keycloak,
  state: State,
  names: readonly string[],
): Promise<Scope[]> {
  if (names.length === 0) return [];
  const scopes = await scopesOfRealm(keycloak, textOf(state, "realm_id"));
  return scopes.filter(
    ({ name, protocol }) => protocol === "openid-connect" && names.includes(name),
  );
}

function unknownClient(state: State): ProviderError {
  const id = textOf(state, "client_id");
  return new ProviderError(`validation error: client with id ${id} does not exist`, ["client_id"]);
}
