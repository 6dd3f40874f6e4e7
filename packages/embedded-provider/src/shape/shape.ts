import type { State, Value } from "../protocol/value.ts";
import type { Codec } from "./codecs.ts";

/** Whether a planned change of an attribute, or of one key of a map, counts as none; `before` and `after` are texts, "" if null. */
export type Suppress = (before: string, after: string, isConfigured: boolean) => boolean;

/** The rules for one attribute: how it is planned, what is valid, and where Keycloak's representation has it. */
export interface Field {
  /**
   * The key in Keycloak's JSON, or the key of an object and the key in it.
   * @default the attribute is not part of the representation
   */
  readonly at?: string | readonly [string, string];
  /**
   * The translation between the value and Keycloak's JSON.
   * @default unchanged
   */
  readonly as?: Codec;
  /**
   * Whether the key is left out if the value is zero (null, false, 0, "" or empty).
   * @default false
   */
  readonly omitZero?: boolean;
  /**
   * The value that is written instead of a zero value.
   * @default the zero value
   */
  readonly orElse?: Value;
  /**
   * The planned value if the attribute is not configured.
   * @default null, or unknown if the attribute is computed
   */
  readonly default?: Value;
  /**
   * Whether a change replaces the resource.
   * @default false
   */
  readonly forceNew?: boolean;
  /** @default every difference is a change */
  readonly suppress?: Suppress;
  /**
   * The allowed values.
   * @default any value
   */
  readonly oneOf?: readonly string[];
  /**
   * Whether upper and lower case are the same in the allowed values.
   * @default false
   */
  readonly ignoresCase?: boolean;
  /**
   * Returns a warning about a value that is allowed but not advisable.
   * @default no warning
   */
  readonly warn?: (value: Value) => string | undefined;
  /** Attributes that must not be configured together with this one. */
  readonly conflictsWith?: readonly string[];
  /** Attributes that must be configured together with this one. */
  readonly requiredWith?: readonly string[];
  /** Attributes, including this one, of which exactly one must be configured. */
  readonly exactlyOneOf?: readonly string[];
  /** Keys that this map must not contain, because other attributes set them. */
  readonly reservedKeys?: ReadonlySet<string>;
}

/** The fields of a body, by attribute name. */
export type Fields = Readonly<Record<string, Field>>;

/**
 * The rules for a body, a resource's or a nested block's, that the schema does not contain. Planning, validation and
 * translation to and from Keycloak's JSON are derived from them.
 */
export interface Shape {
  readonly fields: Fields;
  readonly blocks?: Readonly<Record<string, BlockShape>>;
}

/** The rules for a nested block. */
export interface BlockShape extends Shape {
  /**
   * Whether the state contains Keycloak's settings if the block is not configured.
   * @default false
   */
  readonly computed?: boolean;
  /**
   * The content that is written for an absent block: the default of each field, the zero value of each field, or nothing.
   * @default "nothing"
   */
  readonly absent?: "defaults" | "zeros" | "nothing";
  /** Blocks that must not be configured together with this one. */
  readonly conflictsWith?: readonly string[];
}

/** A create or an update of a resource. */
export interface Change {
  /** The planned state, with null for unknown; the operation writes Keycloak's values into it. */
  readonly state: State;
  /** The prior state; null if the resource is created. */
  readonly prior: State | null;
  /** The configuration, the only source of write-only arguments. */
  readonly config: State;
}

/** Keeps Keycloak's value unless the attribute is configured; `""` clears it. */
export const unlessConfigured: Suppress = (_before, _after, isConfigured) => !isConfigured;
