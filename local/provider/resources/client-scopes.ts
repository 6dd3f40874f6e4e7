/** keycloak_openid_client_default_scopes, keycloak_openid_client_optional_scopes */
import { ProviderError } from "../diagnostics.ts";
import { isNotFound, path, type Keycloak } from "../keycloak.ts";
import { textOf, textsOf, type ResourceType } from "../resource.ts";
import type { State } from "../value.ts";
import { without, type Scope } from "./realm-client-scopes.ts";

type Kind = "default" | "optional";

/** Exactly these scopes of a client: what is not listed is detached. */
export function clientScopes(kind: Kind): ResourceType {
  const attribute = `${kind}_scopes`;

  async function reconcile(keycloak: Keycloak, state: State): Promise<void> {
    const wanted = textsOf(state, attribute);
    const present = await attached(keycloak, state, kind);
    await detach(keycloak, state, without(present, wanted));
    await attach(keycloak, state, without(wanted, present));
  }

  async function detach(keycloak: Keycloak, state: State, names: readonly string[]): Promise<void> {
    for (const { id } of await named(keycloak, state, names)) {
      await keycloak.delete(`${addressOf(state, kind)}/${encodeURIComponent(id)}`);
    }
  }

  async function attach(keycloak: Keycloak, state: State, names: readonly string[]): Promise<void> {
    const { bearerOnly } = await keycloak.get(clientAddress(state));
    if (bearerOnly === true) {
      throw new ProviderError(
        `validation error: client with id ${textOf(state, "client_id")} uses access type BEARER-ONLY, which has no scopes`,
      );
    }
    const scopes = await named(keycloak, state, names);
    const other = kind === "default" ? "optional" : "default";
    const taken = names.length === 0 ? [] : await attached(keycloak, state, other);
    const fail = (message: string): never => {
      throw new ProviderError(`validation error: ${message}`, [attribute]);
    };
    for (const name of names) {
      if (!scopes.some((scope) => scope.name === name)) fail(`scope ${name} does not exist`);
    }
    for (const { id, name } of scopes) {
      const article = other === "optional" ? "an" : "a";
      if (taken.includes(name))
        fail(`scope ${name} is already attached to client as ${article} ${other} scope`);
      await keycloak.put(`${addressOf(state, kind)}/${encodeURIComponent(id)}`);
    }
  }

  return {
    name: `keycloak_openid_client_${kind}_scopes`,
    shape: {
      fields: { realm_id: { forceNew: true }, client_id: { forceNew: true }, [attribute]: {} },
    },

    async create(context, { state }) {
      try {
        await reconcile(context.keycloak, state);
      } catch (thrown) {
        if (!isNotFound(thrown)) throw thrown;
        const id = textOf(state, "client_id");
        throw new ProviderError(`validation error: client with id ${id} does not exist`, [
          "client_id",
        ]);
      }
      state.id = `${textOf(state, "realm_id")}/${textOf(state, "client_id")}`;
      await this.read(context, state);
    },

    async read({ keycloak }, state) {
      state[attribute] = await attached(keycloak, state, kind);
      state.id = `${textOf(state, "realm_id")}/${textOf(state, "client_id")}`;
    },

    async update(context, change) {
      await this.create(context, change);
    },

    async delete({ keycloak }, state) {
      await detach(keycloak, state, textsOf(state, attribute));
    },
  };
}

function clientAddress(state: State): string {
  return path`/realms/${textOf(state, "realm_id")}/clients/${textOf(state, "client_id")}`;
}

function addressOf(state: State, kind: Kind): string {
  return `${clientAddress(state)}/${kind}-client-scopes`;
}

async function attached(keycloak: Keycloak, state: State, kind: Kind): Promise<string[]> {
  return (await keycloak.get<Scope[]>(addressOf(state, kind))).map(({ name }) => name);
}

async function named(keycloak: Keycloak, state: State, names: readonly string[]): Promise<Scope[]> {
  if (names.length === 0) return [];
  const all = await keycloak.get<Scope[]>(path`/realms/${textOf(state, "realm_id")}/client-scopes`);
  return all.filter(({ name, protocol }) => protocol === "openid-connect" && names.includes(name));
}
