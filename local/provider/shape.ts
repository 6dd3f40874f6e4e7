/** What the schema does not say about a resource's attributes: the table from which planning, validation and both directions of translation are derived. */
import type { Codec } from "./codecs.ts";
import type { State, Value } from "./value.ts";

/** Whether a planned change of one attribute is none: `before` and `after` as text, and whether the attribute is configured. */
export type Suppress = (before: string, after: string, configured: boolean) => boolean;

/** One attribute: how it is planned, what is allowed, and where Keycloak's representation has it. */
export interface Field {
  /** Key in Keycloak's JSON, or key of an object and key in it. @default not part of the representation */
  readonly at?: string | readonly [string, string];
  /** How the value is written there. @default as it is */
  readonly as?: Codec;
  /** Leave the key out when the value is zero (null, false, 0, "", empty). @default false */
  readonly omitZero?: boolean;
  /** What is written instead of a zero value. @default nothing else */
  readonly orElse?: Value;
  /** Planned value of what is not configured. @default none */
  readonly default?: Value;
  /** Whether a change replaces the resource. @default false */
  readonly forceNew?: boolean;
  /** @default every difference is a change */
  readonly suppress?: Suppress;
  /** @default any value */
  readonly oneOf?: readonly string[];
  /** A complaint about a configured value that still is allowed. @default none */
  readonly warn?: (value: Value) => string | undefined;
  /** Attributes that must not be configured beside this one. */
  readonly conflictsWith?: readonly string[];
  /** Attributes that must be configured with this one. */
  readonly requiredWith?: readonly string[];
  /** Attributes, this one among them, of which exactly one must be configured. */
  readonly exactlyOneOf?: readonly string[];
  /** Keys that this map must not hold, because attributes of their own set them. */
  readonly reservedKeys?: ReadonlySet<string>;
}

/** A body: the resource's own, or a nested block's. */
export interface Shape {
  readonly fields: Readonly<Record<string, Field>>;
  readonly blocks?: Readonly<Record<string, BlockShape>>;
}

/** A nested block. */
export interface BlockShape extends Shape {
  /** Whether Keycloak's settings stand in the state while the block is not configured. @default false */
  readonly computed?: boolean;
  /** What is written for a block that is absent: each field's default, each one's zero value, or nothing. @default "nothing" */
  readonly absent?: "defaults" | "zeros" | "nothing";
  /** Blocks beside this one that must not be configured with it. */
  readonly conflictsWith?: readonly string[];
}

/** What a resource's operation is given: the state that it completes in place, and what it was before and in the configuration. */
export interface Change {
  /** The planned state, unknowns null; the operation writes into it what Keycloak answered. */
  readonly state: State;
  /** The state before; null when the resource is created. */
  readonly prior: State | null;
  /** The configuration: the only place where write-only arguments are. */
  readonly config: State;
}

/** Leaves what Keycloak has alone as long as the attribute is not configured; `""` clears it. */
export const unlessConfigured: Suppress = (_before, _after, configured) => !configured;
