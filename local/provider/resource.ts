/** What a resource type has to bring along. */
import type { Keycloak } from "./keycloak.ts";
import type { Customize } from "./plan.ts";
import type { Block } from "./schema.ts";
import type { Change, Shape } from "./shape.ts";
import type { State } from "./value.ts";

/** What an operation works with. */
export interface Context {
  readonly keycloak: Keycloak;
  /** The resource's body in the official schema. */
  readonly block: Block;
}

/** One resource type. An operation that fails throws; what it has written into the state by then is kept. */
export interface ResourceType {
  readonly name: string;
  readonly shape: Shape;
  readonly customize?: Customize;
  /** Creates the resource and sets `id` as soon as something exists. */
  create(context: Context, change: Change): Promise<void>;
  /** Brings the state up to date; throws Keycloak's 404 when the resource is gone. */
  read(context: Context, state: State): Promise<void>;
  update(context: Context, change: Change): Promise<void>;
  delete(context: Context, state: State): Promise<void>;
  /** The least state with which `read` finds the resource. @default import is refused */
  import?(context: Context, id: string): Promise<State> | State;
  /** Turns a state of an older schema version into one of the newest. @default as it is */
  upgrade?(version: number, state: State): State;
}

/** A text attribute; "" when it is null. */
export function textOf(state: State, name: string): string {
  const value = state[name];
  return typeof value === "string" ? value : "";
}

/** A set or list of texts; empty when it is null. */
export function textsOf(state: State, name: string): string[] {
  const value = state[name];
  return Array.isArray(value) ? value.map(String) : [];
}
