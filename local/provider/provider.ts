/** The provider's side of the plugin protocol, call by call. */
import { error, fromError, toPath } from "./diagnostics.ts";
import { isNotFound, Keycloak } from "./keycloak.ts";
import { adopt, withoutWriteOnly } from "./normalize.ts";
import { planChange } from "./plan.ts";
import type { Context, ResourceType } from "./resource.ts";
import { resourceTypes } from "./resources/index.ts";
import { conform, toProto, zero, type Block, type ProviderSchema, type Schema } from "./schema.ts";
import { readSettings } from "./settings.ts";
import {
  decodeValue,
  encodeValue,
  isRecord,
  withoutUnknowns,
  type State,
  type Value,
} from "./value.ts";
import { validateConfig } from "./validate.ts";
import type * as wire from "./wire.ts";

interface Implemented {
  readonly type: ResourceType;
  readonly block: Block;
}

/** The answer of any call. */
export type Answer = object | Promise<object>;

/** One provider instance: what Terraform configures, and then asks to plan and apply. */
export class Provider {
  readonly #schema: ProviderSchema;
  readonly #env: NodeJS.ProcessEnv;
  #keycloak: Keycloak | undefined;

  constructor(schema: ProviderSchema, env: NodeJS.ProcessEnv) {
    this.#schema = schema;
    this.#env = env;
  }

  getMetadata(): Answer {
    const names = (schemas: object): object[] =>
      Object.keys(schemas).map((type_name) => ({ type_name }));
    return {
      resources: names(this.#schema.resource_schemas),
      data_sources: names(this.#schema.data_source_schemas),
    };
  }

  getProviderSchema(): Answer {
    const all = (schemas: Readonly<Record<string, Schema>>): object =>
      Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, toProto(schema)]));
    return {
      provider: toProto(this.#providerSchema()),
      resource_schemas: all(this.#schema.resource_schemas),
      data_source_schemas: all(this.#schema.data_source_schemas),
    };
  }

  // As in the official provider, an address in the environment makes the argument optional.
  #providerSchema(): Schema {
    const { version, block } = this.#schema.provider;
    const isInEnvironment = (this.#env.KEYCLOAK_URL ?? "") !== "";
    const url = { type: "string", required: !isInEnvironment, optional: isInEnvironment };
    return { version, block: { ...block, attributes: { ...block.attributes, url } } };
  }

  validateResourceConfig({ type_name, config }: wire.TypeRequest & wire.ConfigRequest): Answer {
    const { type } = this.#implementation(type_name);
    return { diagnostics: validateConfig(type.shape, stateOf(config) ?? {}) };
  }

  refuseDataSource({ type_name }: wire.TypeRequest): Answer {
    return { diagnostics: [error(notImplemented(`data source ${type_name}`))] };
  }

  async configure({ config }: wire.ConfigRequest): Promise<object> {
    const settings = readSettings(stateOf(config) ?? {}, this.#env);
    const keycloak = new Keycloak(settings);
    if (settings.initialLogin) await keycloak.login();
    this.#keycloak = keycloak;
    return {};
  }

  upgrade({ type_name, version, raw_state }: wire.UpgradeRequest): Answer {
    const block = this.#block(type_name);
    const json = JSON.parse(raw_state?.json.toString() ?? "null") as Value;
    const state = isRecord(json) ? json : {};
    const upgraded = resourceTypes.get(type_name)?.upgrade?.(version, state) ?? state;
    return { upgraded_state: toDynamic(conform(block, upgraded)) };
  }

  async read({ type_name, current_state, private: data }: wire.ReadRequest): Promise<object> {
    const { type, block } = this.#implementation(type_name);
    const before = stateOf(current_state);
    if (before === null) return { new_state: current_state, private: data };
    const state = structuredClone(before);
    try {
      await type.read(this.#context(block), state);
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
      return { new_state: toDynamic(null), private: data };
    }
    return {
      new_state: toDynamic(adopt(block, conform(block, state), before, false)),
      private: data,
    };
  }

  plan(request: wire.PlanRequest): Answer {
    const { type, block } = this.#implementation(request.type_name);
    const proposed = stateOf(request.proposed_new_state);
    if (proposed === null)
      return { planned_state: request.proposed_new_state, planned_private: request.prior_private };
    const prior = stateOf(request.prior_state);
    const config = stateOf(request.config) ?? {};
    const { planned, replace } = planChange(
      block,
      type.shape,
      prior,
      proposed,
      config,
      type.customize,
    );
    return {
      planned_state: toDynamic(withoutWriteOnly(block, planned)),
      requires_replace: replace.map((name) => toPath([name])),
      planned_private: request.prior_private,
      legacy_type_system: true,
    };
  }

  async apply(request: wire.ApplyRequest): Promise<object> {
    const { type, block } = this.#implementation(request.type_name);
    const prior = stateOf(request.prior_state);
    const planned = stateOf(request.planned_state);
    const context = this.#context(block);
    if (planned === null) {
      const diagnostics = await attempt(async () => {
        await type.delete(context, prior ?? {});
      });
      return { new_state: toDynamic(diagnostics.length > 0 ? prior : null), diagnostics };
    }
    const state = withZeros(block, withoutUnknowns(planned) as State, prior);
    const change = { state, prior, config: stateOf(request.config) ?? {} };
    const diagnostics = await attempt(() =>
      prior === null ? type.create(context, change) : type.update(context, change),
    );
    // What exists in Keycloak must be in the state, however the rest went; what does not, must not.
    const exists = (state.id ?? null) !== null;
    const final = withoutWriteOnly(block, adopt(block, conform(block, state), planned, true));
    return {
      new_state: toDynamic(exists ? final : null),
      private: request.planned_private,
      diagnostics,
      legacy_type_system: true,
    };
  }

  async import({ type_name, id }: wire.ImportRequest): Promise<object> {
    const { type, block } = this.#implementation(type_name);
    if (type.import === undefined)
      return { diagnostics: [error(`resource ${type_name} doesn't support import`)] };
    const state = await type.import(this.#context(block), id);
    return { imported_resources: [{ type_name, state: toDynamic(conform(block, state)) }] };
  }

  #block(name: string): Block {
    const schema = this.#schema.resource_schemas[name];
    if (schema === undefined) throw new Error(`unknown resource type ${name}`);
    return schema.block;
  }

  #implementation(name: string): Implemented {
    const type = resourceTypes.get(name);
    if (type === undefined) throw new Error(notImplemented(name));
    return { type, block: this.#block(name) };
  }

  #context(block: Block): Context {
    if (this.#keycloak === undefined)
      throw new Error("the embedded provider has not been configured");
    return { keycloak: this.#keycloak, block };
  }
}

function notImplemented(what: string): string {
  const names = [...resourceTypes.keys()].join(", ");
  return `the embedded provider does not implement ${what}; it implements ${names}; use the official provider keycloak/keycloak`;
}

async function attempt(operation: () => Promise<void>): Promise<wire.Diagnostic[]> {
  try {
    await operation();
    return [];
  } catch (thrown) {
    return [fromError(thrown)];
  }
}

// What an update takes away is a zero value from then on, as in the official provider; only what never was is null.
function withZeros(block: Block, state: State, prior: State | null): State {
  const result: State = { ...state };
  for (const [name, { type }] of Object.entries(block.attributes ?? {})) {
    const isRemoved = (prior?.[name] ?? null) !== null && state[name] === null;
    if (isRemoved && typeof type === "string") result[name] = zero(type);
  }
  return result;
}

function stateOf(value: wire.DynamicValue | undefined): State | null {
  const decoded = decodeValue(value?.msgpack);
  return isRecord(decoded) ? decoded : null;
}

function toDynamic(value: Value): wire.DynamicValue {
  return { msgpack: encodeValue(value) };
}
