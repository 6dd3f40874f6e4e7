/** keycloak_realm_default_client_scopes, keycloak_realm_optional_client_scopes */
import { ProviderError } from "../diagnostics.ts";
import { path, type Json, type Keycloak } from "../keycloak.ts";
import { textOf, textsOf, type ResourceType } from "../resource.ts";
import type { State } from "../value.ts";

/** What matters of a client scope here. */
export interface Scope extends Json {
  readonly id: string;
  readonly name: string;
  readonly protocol?: string;
}

/** The scopes that every new client of a realm gets, as defaults or as optional ones. */
export function realmClientScopes(kind: "default" | "optional"): ResourceType {
  const attribute = `${kind}_scopes`;
  const addressOf = (realm: string): string =>
    `${path`/realms/${realm}`}/default-${kind}-client-scopes`;

  async function forEach(
    keycloak: Keycloak,
    realm: string,
    names: readonly string[],
    act: (address: string) => Promise<void>,
  ): Promise<void> {
    if (names.length === 0) return;
    const all = await keycloak.get<Scope[]>(path`/realms/${realm}/client-scopes`);
    const ids = names.map((name) => {
      const scope = all.find((one) => one.name === name);
      if (scope !== undefined) return scope.id;
      throw new ProviderError(`client scope with name ${name} not found in realm ${realm}`, [
        attribute,
      ]);
    });
    for (const id of ids) await act(`${addressOf(realm)}/${encodeURIComponent(id)}`);
  }

  async function reconcile(keycloak: Keycloak, state: State): Promise<void> {
    const realm = textOf(state, "realm_id");
    const wanted = textsOf(state, attribute);
    const present = (await keycloak.get<Scope[]>(addressOf(realm))).map(({ name }) => name);
    const [surplus, missing] = [without(present, wanted), without(wanted, present)];
    await forEach(keycloak, realm, surplus, (address) => keycloak.delete(address));
    await forEach(keycloak, realm, missing, (address) => keycloak.put(address));
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
      state[attribute] = (await keycloak.get<Scope[]>(addressOf(realm))).map(({ name }) => name);
      state.id = realm;
    },

    async update(context, change) {
      await this.create(context, change);
    },

    async delete({ keycloak }, state) {
      const realm = textOf(state, "realm_id");
      await forEach(keycloak, realm, textsOf(state, attribute), (address) =>
        keycloak.delete(address),
      );
    },

    import: (_context, id) => ({ id, realm_id: id }),
  };
}

/** The items of `from` that are not in `items`. */
export function without(from: readonly string[], items: readonly string[]): string[] {
  return from.filter((item) => !items.includes(item));
}
