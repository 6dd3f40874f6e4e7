/** The messages of tfplugin6.proto that carry something, as proto-loader hands them over. */

/** A value in msgpack. */
export interface DynamicValue {
  readonly msgpack: Buffer;
}

/** One step into a value: an attribute, the key of a map or the index of a list. */
export type PathStep =
  | { readonly attribute_name: string }
  | { readonly element_key_string: string }
  | { readonly element_key_int: number };

/** A path into a configuration or a state. */
export interface AttributePath {
  readonly steps: readonly PathStep[];
}

/** What Terraform shows to its user. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly summary: string;
  readonly detail?: string;
  readonly attribute?: AttributePath;
}

/** An answer of which only the diagnostics matter. */
export interface Diagnosed {
  readonly diagnostics?: readonly Diagnostic[];
}

/** A request about one type, with or without a configuration. */
export interface TypeRequest {
  readonly type_name: string;
}

/** ValidateProviderConfig, ConfigureProvider. */
export interface ConfigRequest {
  readonly config?: DynamicValue;
}

/** UpgradeResourceState. */
export interface UpgradeRequest extends TypeRequest {
  readonly version: number;
  readonly raw_state?: { readonly json: Buffer };
}

/** ReadResource. */
export interface ReadRequest extends TypeRequest {
  readonly current_state?: DynamicValue;
  readonly private: Buffer;
}

/** PlanResourceChange. */
export interface PlanRequest extends TypeRequest, ConfigRequest {
  readonly prior_state?: DynamicValue;
  readonly proposed_new_state?: DynamicValue;
  readonly prior_private: Buffer;
}

/** ApplyResourceChange. */
export interface ApplyRequest extends TypeRequest, ConfigRequest {
  readonly prior_state?: DynamicValue;
  readonly planned_state?: DynamicValue;
  readonly planned_private: Buffer;
}

/** ImportResourceState. */
export interface ImportRequest extends TypeRequest {
  readonly id: string;
}
