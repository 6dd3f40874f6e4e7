import type { Keycloak } from "../keycloak/keycloak.ts";
import type { CustomizePlan } from "../planning/plan.ts";
import type { Block } from "../protocol/schema.ts";
import type { State } from "../protocol/value.ts";
import type { Change, Shape } from "../shape/shape.ts";

/** Context of an operation: the connection and the schema. */
export interface Context {
  readonly keycloak: Keycloak;
  /** The resource's body in the official schema. */
  readonly block: Block;
}

/** A resource type. An operation that fails throws; what it has written into the state before is kept. */
export interface ResourceType {
  /** The name in Terraform, such as `keycloak_realm`. */
  readonly name: string;
  readonly shape: Shape;
  /** @default the plan is not adjusted */
  readonly customizePlan?: CustomizePlan;
  /** Creates the resource; sets `id` as soon as it exists in Keycloak. */
  create(context: Context, change: Change): Promise<void>;
  /**
   * Refreshes the state.
   *
   * @throws KeycloakError with status 404 if the resource is gone
   */
  read(context: Context, state: State): Promise<void>;
  /** Updates the resource in place. */
  update(context: Context, change: Change): Promise<void>;
  /** Deletes the resource, or resets settings that every realm has. */
  delete(context: Context, state: State): Promise<void>;
  /**
   * Converts an import id into the smallest state from which `read` finds the resource.
   * @default import is refused
   */
  import?(context: Context, id: string): Promise<State> | State;
  /**
   * Upgrades a state of an older schema version.
   * @default unchanged
   */
  upgrade?(version: number, state: State): State;
}
