import type { Json } from "../../keycloak/json.ts";
import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import { ProviderError } from "../../protocol/diagnostics.ts";
import type { Block } from "../../protocol/schema.ts";
import { textOf, type State } from "../../protocol/value.ts";
import { readRepresentation, toRepresentation } from "../../shape/representation.ts";
import type { Fields } from "../../shape/shape.ts";
import { importedParent } from "../import-id.ts";
import type { ResourceType } from "../resource-type.ts";

/** A kind of mapper. */
export interface MapperKind {
  /** The resource type in Terraform. */
  readonly name: string;
  /** The kind's name in Keycloak. */
  readonly protocolMapper: string;
  /** The fields that other kinds do not have. */
  readonly fields: Fields;
  /**
   * Refuses a state that the official provider refuses before it writes.
   * @default nothing is refused
   */
  validate?(keycloak: Keycloak, state: State): Promise<void>;
  /**
   * Adjusts the state after it was read.
   * @default unchanged
   */
  afterRead?(state: State, before: State): void;
}

const parents = ["client_id", "client_scope_id"];

const commonFields: Fields = {
  name: { at: "name" },
  realm_id: { forceNew: true },
  client_id: { forceNew: true, exactlyOneOf: parents },
  client_scope_id: { forceNew: true, exactlyOneOf: parents },
};

/** The resource type of a kind of mapper of a client or a client scope, which writes claims into tokens. */
export function protocolMapper(kind: MapperKind): ResourceType {
  const shape = { fields: { ...commonFields, ...kind.fields } };

  function toJson(block: Block, state: State): Json {
    return {
      ...toRepresentation(block, shape, state),
      protocol: "openid-connect",
      protocolMapper: kind.protocolMapper,
    };
  }

  async function validate(keycloak: Keycloak, state: State): Promise<void> {
    await refuseTakenName(keycloak, state);
    await kind.validate?.(keycloak, state);
  }

  return {
    name: kind.name,
    shape,

    async create({ keycloak, block }, { state }) {
      await validate(keycloak, state);
      state.id = await keycloak.create(mappersPath(state), toJson(block, state));
      await this.read({ keycloak, block }, state);
    },

    async read({ keycloak, block }, state) {
      const before = { ...state };
      readRepresentation(block, shape, await keycloak.get(mapperPath(state)), state);
      kind.afterRead?.(state, before);
    },

    async update({ keycloak, block }, { state }) {
      await validate(keycloak, state);
      await keycloak.put(mapperPath(state), { ...toJson(block, state), id: textOf(state, "id") });
      await this.read({ keycloak, block }, state);
    },

    async delete({ keycloak }, state) {
      await keycloak.delete(mapperPath(state));
    },

    import: ({ keycloak }, id) => imported(keycloak, id),
  };
}

function mappersPath(state: State): string {
  const realm = textOf(state, "realm_id");
  const scope = textOf(state, "client_scope_id");
  return scope === ""
    ? apiPath`/realms/${realm}/clients/${textOf(state, "client_id")}/protocol-mappers/models`
    : apiPath`/realms/${realm}/client-scopes/${scope}/protocol-mappers/models`;
}

function mapperPath(state: State): string {
  return `${mappersPath(state)}${apiPath`/${textOf(state, "id")}`}`;
}

async function refuseTakenName(keycloak: Keycloak, state: State): Promise<void> {
  const name = textOf(state, "name");
  const mappers = await keycloak.get<Json[]>(mappersPath(state));
  if (mappers.some((mapper) => mapper.name === name && mapper.id !== textOf(state, "id"))) {
    throw new ProviderError(
      `validation error: a protocol mapper with name ${name} already exists for this client`,
      ["name"],
    );
  }
}

async function imported(keycloak: Keycloak, id: string): Promise<State> {
  const parent = "{{realmId}}/client/{{clientId}} or {{realmId}}/client-scope/{{clientScopeId}}";
  const invalid = new ProviderError(
    `invalid import id "${id}"; the format is ${parent}, then /{{protocolMapperId}} or /name/{{urlEncodedName}}`,
  );
  const [realm_id = "", kind, parentId, ...rest] = id.split("/");
  const isByName = rest.length === 2 && rest[0] === "name";
  if (rest.length !== 1 && !isByName) throw invalid;
  const state = { realm_id, ...importedParent(id, kind, parentId) };
  if (!isByName) return { ...state, id: rest[0] ?? "" };
  const name = decodeURIComponent(rest[1] ?? "");
  return { ...state, id: await mapperId(keycloak, state, name) };
}

async function mapperId(keycloak: Keycloak, state: State, name: string): Promise<string> {
  const mappers = await keycloak.get<Json[]>(mappersPath(state));
  const found = mappers.find((mapper) => mapper.name === name);
  if (found === undefined) throw new ProviderError(`protocol mapper with name "${name}" not found`);
  return String(found.id);
}
