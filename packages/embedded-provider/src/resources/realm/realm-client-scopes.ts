import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import { ProviderError } from "../../protocol/diagnostics.ts";
import { textOf, textsOf, type State } from "../../protocol/value.ts";
import { scopeNames, scopesOfRealm, without, type ScopeKind } from "../client-scope/scope-list.ts";
import type { ResourceType } from "../resource-type.ts";

/**
 * `keycloak_realm_default_client_scopes` and `keycloak_realm_optional_client_scopes`: the scopes that every new client of a
 * realm gets. It is authoritative: scopes that are not listed are removed.
 */
export function realmClientScopes(kind: ScopeKind): ResourceType {
  const attribute = `${kind}_scopes`;
  const listPath = (realm: string): string =>
    `${apiPath`/realms/${realm}`}/default-${kind}-client-scopes`;

  async function scopePaths(
    keycloak: Keycloak,
    realm: string,
    names: readonly string[],
  ): Promise<string[]> {
    if (names.length === 0) return [];
    const scopes = await scopesOfRealm(keycloak, realm);
    return names.map((name) => {
      const scope = scopes.find((candidate) => candidate.name === name);
      if (scope !== undefined) return `${listPath(realm)}${apiPath`/${scope.id}`}`;
      throw new ProviderError(`client scope with name ${name} not found in realm ${realm}`, [
        attribute,
      ]);
    });
  }

  async function remove(keycloak: Keycloak, realm: string, names: string[]): Promise<void> {
    for (const path of await scopePaths(keycloak, realm, names)) await keycloak.delete(path);
  }

  async function add(keycloak: Keycloak, realm: string, names: string[]): Promise<void> {
    for (const path of await scopePaths(keycloak, realm, names)) await keycloak.put(path);
  }

  async function reconcile(keycloak: Keycloak, state: State): Promise<void> {
    const realm = textOf(state, "realm_id");
    const wanted = textsOf(state, attribute);
    const present = await scopeNames(keycloak, listPath(realm));
    await remove(keycloak, realm, without(present, wanted));
    await add(keycloak, realm, without(wanted, present));
  }

  return {
    name: `keycloak_realm_${kind}_client_scopes`,
    shape: { fields: { realm_id: { forceNew: true }, [attribute]: {} } },

    async create(context, { state }) {
      await reconcile(context.keycloak, state);
      state.id = textOf(state, "realm_id");
      await this.read(context, state);
    },

    async read({ keycloak }, state) {
      const realm = textOf(state, "realm_id");
      state[attribute] = await scopeNames(keycloak, listPath(realm));
      state.id = realm;
    },

    async update(context, change) {
      await this.create(context, change);
    },

    async delete({ keycloak }, state) {
      await remove(keycloak, textOf(state, "realm_id"), textsOf(state, attribute));
    },

    import: (_context, id) => ({ id, realm_id: id }),
  };
}
