import { clientType } from "../../constructs/names/resource-types.ts";
import type { Entity } from "../review/compare/resources/entity.ts";
import { terraform, terraformPlan, type Workspace } from "./terraform.ts";

/** Change that terraform would make to one resource. */
export interface ResourceChange {
  /** Terraform's address. */
  readonly address: string;
  /** The address in the state, if a `moved` block changes it. */
  readonly previous_address?: string;
  /** The resource's type, such as `keycloak_openid_client`. */
  readonly type: string;
  /** Why terraform chose the actions, if it says so. */
  readonly action_reason?: string;
  readonly change: {
    /** `["create"]`, `["update"]`, `["delete"]`, `["delete", "create"]`, or `["no-op"]`. */
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    /** True at each value that is known only after the apply. */
    readonly after_unknown?: unknown;
    /** True at each sensitive value, or at a block around it. */
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    /** Present for a resource that is imported. */
    readonly importing?: { readonly id: string };
  };
}

/** An entry of a plan as Terraform lists it. */
type ListedChange = ResourceChange & { readonly mode?: "managed" | "data" };

/** Terraform's plan, and the entities that its imports affect. */
export interface Planned {
  /** Every resource, with what an apply would do to it. */
  readonly changes: readonly ResourceChange[];
  /** Entities that are imported although they may be somebody else's. An imported client gets a new secret. */
  readonly adopted: readonly Entity[];
}

/** Terraform's own counts of a plan. A replaced resource is both added and destroyed. */
export interface PlanCounts {
  readonly import: number;
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  /** Resources that leave the state, and stay in Keycloak. */
  readonly forget: number;
}

/**
 * Plans, after reading the live Keycloak: every resource that is declared or in the state, with what an apply would do to it. If it would
 * do nothing, there are none.
 *
 * @param file file that the plan is saved in, to be applied unchanged
 * @param targets the addresses to plan, with what they depend on; by default every resource
 * @throws ExplainedError with terraform's output if it cannot plan
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export async function plan(
  workspace: Workspace,
  file: string,
  targets: readonly string[] = [],
): Promise<ResourceChange[]> {
  const only = targets.map((address) => `-target=${address}`);
  const changes = await terraformPlan(workspace, [`-out=${file}`, ...only]);
  // to show a plan takes as long as a tenth of making it
  return changes ? changesInPlan(workspace, file) : [];
}

/** The changes in a saved plan. */
export async function changesInPlan(workspace: Workspace, file: string): Promise<ResourceChange[]> {
  const shown = await terraform(workspace, ["show", "-json", file]);
  const { resource_changes = [] } = JSON.parse(shown) as { resource_changes?: ListedChange[] };
  // a data source is only read
  return resource_changes.filter(({ mode }) => mode !== "data");
}

/** The changes that do something. */
export function effective(changes: readonly ResourceChange[]): ResourceChange[] {
  return changes.filter(
    ({ change }) => change.importing !== undefined || !change.actions.includes("no-op"),
  );
}

/** Whether a resource leaves the state, and no other takes its place. */
export function isRemoval(actions: ResourceChange["change"]["actions"]): boolean {
  return !actions.includes("create") && (actions.includes("delete") || actions.includes("forget"));
}

/** The addresses of a plan, except of resources that would be recreated because the state marks them as tainted. */
export function untaintedIn(changes: readonly ResourceChange[]): ReadonlySet<string> {
  const untainted = changes.filter(
    ({ action_reason: reason }) => reason !== "replace_because_tainted",
  );
  return new Set(untainted.map(({ address }) => address));
}

/** Whether a plan changes Keycloak, or the address of something in the state: once its `moved` block is gone, that would be recreated. */
export function changesAnything(changes: readonly ResourceChange[]): boolean {
  const isMoved = changes.some(({ previous_address }) => previous_address !== undefined);
  return isMoved || effective(changes).length > 0;
}

/**
 * The changes of clients whose secret is in terraform's file of a plan: a client that is imported, or that the state has a secret of because
 * an earlier import is not complete.
 */
export function changesWithSecret(changes: readonly ResourceChange[]): ResourceChange[] {
  return effective(changes).filter(
    ({ type, change }) => type === clientType && Boolean(change.before?.client_secret),
  );
}

/** Counts changes in the way terraform does. */
export function countChanges(changes: readonly ResourceChange[]): PlanCounts {
  const count = (action: string) =>
    changes.filter(({ change }) => change.actions.includes(action)).length;
  return {
    import: changes.filter(({ change }) => change.importing).length,
    add: count("create"),
    change: count("update"),
    destroy: count("delete"),
    forget: count("forget"),
  };
}
