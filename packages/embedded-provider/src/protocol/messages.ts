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

/** An error or a warning that Terraform shows to its user. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly summary: string;
  readonly detail?: string;
  readonly attribute?: AttributePath;
}

/** A request about one resource type or data source. */
export interface TypeRequest {
  readonly type_name: string;
}

/** The request of ConfigureProvider, and the configuration in other requests. */
export interface ConfigRequest {
  readonly config?: DynamicValue;
}

/** The request of UpgradeResourceState. */
export interface UpgradeRequest extends TypeRequest {
  /** Schema version of the state. */
  readonly version: number;
  readonly raw_state?: { readonly json: Buffer };
}

/** The request of ReadResource. */
export interface ReadRequest extends TypeRequest {
  readonly current_state?: DynamicValue;
  readonly private: Buffer;
}

/** The request of PlanResourceChange. */
export interface PlanRequest extends TypeRequest, ConfigRequest {
  readonly prior_state?: DynamicValue;
  readonly proposed_new_state?: DynamicValue;
  readonly prior_private: Buffer;
}

/** The request of ApplyResourceChange. */
export interface ApplyRequest extends TypeRequest, ConfigRequest {
  readonly prior_state?: DynamicValue;
  readonly planned_state?: DynamicValue;
  readonly planned_private: Buffer;
}

/** The request of ImportResourceState. */
export interface ImportRequest extends TypeRequest {
  readonly id: string;
}
