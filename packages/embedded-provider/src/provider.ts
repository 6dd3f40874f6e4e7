import { isNotFound } from "./keycloak/errors.ts";
import { Keycloak } from "./keycloak/keycloak.ts";
import { readSettings } from "./keycloak/settings.ts";
import { normalizeNulls, withoutWriteOnly, withZeroForRemoved } from "./planning/null-values.ts";
import { planChange } from "./planning/plan.ts";
import { validateConfig } from "./planning/validate.ts";
import { attributePath, diagnosticFor, errorDiagnostic } from "./protocol/diagnostics.ts";
import { decodeState, encodeValue } from "./protocol/dynamic-value.ts";
import type * as messages from "./protocol/messages.ts";
import { metadataMessage, providerSchemaMessage } from "./protocol/schema-messages.ts";
import { conform, type Block, type ProviderSchema } from "./protocol/schema.ts";
import { isRecord, withoutUnknowns, type State, type Value } from "./protocol/value.ts";
import type { Context, ResourceType } from "./resources/resource-type.ts";
import { resourceTypes } from "./resources/resources.ts";

/** The response to a call of the protocol. */
export type Response = object | Promise<object>;

interface Implementation {
  readonly type: ResourceType;
  readonly block: Block;
}

/**
 * One instance of the provider. Each method answers one call of the plugin protocol.
 *
 * @see https://github.com/hashicorp/terraform/blob/main/docs/resource-instance-change-lifecycle.md
 */
export class Provider {
  readonly #schema: ProviderSchema;
  readonly #env: NodeJS.ProcessEnv;
  #keycloak: Keycloak | undefined;

  constructor(schema: ProviderSchema, env: NodeJS.ProcessEnv) {
    this.#schema = schema;
    this.#env = env;
  }

  getMetadata(): Response {
    return metadataMessage(this.#schema);
  }

  getProviderSchema(): Response {
    return providerSchemaMessage(this.#schema, this.#env);
  }

  validateResourceConfig({
    type_name,
    config,
  }: messages.TypeRequest & messages.ConfigRequest): Response {
    const { type } = this.#implementation(type_name);
    return { diagnostics: validateConfig(type.shape, decodeState(config) ?? {}) };
  }

  refuseDataSource({ type_name }: messages.TypeRequest): Response {
    return { diagnostics: [errorDiagnostic(notImplemented(`the data source ${type_name}`))] };
  }

  async configure({ config }: messages.ConfigRequest): Promise<object> {
    const settings = readSettings(decodeState(config) ?? {}, this.#env);
    const session = this.#keycloak?.sessionFor(settings);
    const keycloak = new Keycloak(settings, session);
    if (settings.initialLogin && !session) await keycloak.login();
    this.#keycloak = keycloak;
    return {};
  }

  upgrade({ type_name, version, raw_state }: messages.UpgradeRequest): Response {
    const json = JSON.parse(raw_state?.json.toString() ?? "null") as Value;
    const state = isRecord(json) ? json : {};
    // terraform plans with an upgraded state, but plans a deletion without the provider, and reports no address
    if (!resourceTypes.has(type_name)) {
      const detail = `It is in the state, with the id ${JSON.stringify(state.id)}.`;
      return { diagnostics: [errorDiagnostic(notImplemented(type_name), [], detail)] };
    }
    const { type, block } = this.#implementation(type_name);
    const upgraded = type.upgrade?.(version, state) ?? state;
    return { upgraded_state: encodeValue(conform(block, upgraded)) };
  }

  async read(request: messages.ReadRequest): Promise<object> {
    const { type, block } = this.#implementation(request.type_name);
    const before = decodeState(request.current_state);
    if (before === null) return { new_state: request.current_state, private: request.private };
    const state = structuredClone(before);
    try {
      await type.read(this.#context(block), state);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return { new_state: encodeValue(null), private: request.private };
    }
    const current = normalizeNulls(block, conform(block, state), before, "read");
    return { new_state: encodeValue(current), private: request.private };
  }

  plan(request: messages.PlanRequest): Response {
    const { type, block } = this.#implementation(request.type_name);
    const proposed = decodeState(request.proposed_new_state);
    if (proposed === null)
      return { planned_state: request.proposed_new_state, planned_private: request.prior_private };
    const { planned, replace } = planChange({
      block,
      shape: type.shape,
      prior: decodeState(request.prior_state),
      proposed,
      config: decodeState(request.config) ?? {},
      customize: type.customizePlan,
    });
    return {
      planned_state: encodeValue(withoutWriteOnly(block, planned)),
      requires_replace: replace.map((name) => attributePath([name])),
      planned_private: request.prior_private,
      legacy_type_system: true,
    };
  }

  async apply(request: messages.ApplyRequest): Promise<object> {
    const { type, block } = this.#implementation(request.type_name);
    const prior = decodeState(request.prior_state);
    const planned = decodeState(request.planned_state);
    const context = this.#context(block);
    if (planned === null) {
      const diagnostics = await attempt(() => type.delete(context, prior ?? {}));
      return { new_state: encodeValue(diagnostics.length > 0 ? prior : null), diagnostics };
    }
    const state = withZeroForRemoved(block, withoutUnknowns(planned) as State, prior);
    const change = { state, prior, config: decodeState(request.config) ?? {} };
    const diagnostics = await attempt(() =>
      prior === null ? type.create(context, change) : type.update(context, change),
    );
    // even after an error: the state contains the resource if, and only if, it exists in Keycloak
    const exists = (state.id ?? null) !== null;
    const applied = normalizeNulls(block, conform(block, state), planned, "apply");
    return {
      new_state: encodeValue(exists ? withoutWriteOnly(block, applied) : null),
      private: request.planned_private,
      diagnostics,
      legacy_type_system: true,
    };
  }

  async import({ type_name, id }: messages.ImportRequest): Promise<object> {
    const { type, block } = this.#implementation(type_name);
    if (type.import === undefined)
      return { diagnostics: [errorDiagnostic(`resource ${type_name} doesn't support import`)] };
    const state = await type.import(this.#context(block), id);
    return { imported_resources: [{ type_name, state: encodeValue(conform(block, state)) }] };
  }

  #implementation(name: string): Implementation {
    const type = resourceTypes.get(name);
    const schema = this.#schema.resource_schemas[name];
    if (type === undefined || schema === undefined) throw new Error(notImplemented(name));
    return { type, block: schema.block };
  }

  #context(block: Block): Context {
    if (this.#keycloak === undefined)
      throw new Error("the embedded provider has not been configured");
    return { keycloak: this.#keycloak, block };
  }
}

function notImplemented(what: string): string {
  return `the embedded provider does not implement ${what}; use the official provider (docs/deploy.md)`;
}

async function attempt(operation: () => Promise<void>): Promise<messages.Diagnostic[]> {
  try {
    await operation();
    return [];
  } catch (error) {
    return [diagnosticFor(error)];
  }
}
