import { terraform, type Workspace } from "./terraform.ts";

/** What terraform would do to one resource. */
export interface ResourceChange {
  /** Terraform's address. */
  readonly address: string;
  /** `keycloak_openid_client` and so on. */
  readonly type: string;
  readonly change: {
    /** `["create"]`, `["update"]`, `["delete"]`, `["delete", "create"]`, or `["no-op"]`. */
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    /** True at each value that is known after the apply alone. */
    readonly after_unknown?: unknown;
    /** True at each value, or around the values, that nobody should see. */
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    /** Present for a resource that is taken over. */
    readonly importing?: { readonly id: string };
  };
}

/**
 * Every resource that is declared or in the state, and what an apply would do to it now, the live Keycloak read first.
 *
 * @param file where the plan goes, to be applied as it is
 * @throws ExplainedError with terraform's own words if it cannot plan
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export async function plan(workspace: Workspace, file: string): Promise<ResourceChange[]> {
  await terraform(workspace, ["plan", "-no-color", `-out=${file}`]);
  return plannedIn(workspace, file);
}

/** What a saved plan says. */
export async function plannedIn(workspace: Workspace, file: string): Promise<ResourceChange[]> {
  const shown = await terraform(workspace, ["show", "-json", file]);
  return (JSON.parse(shown) as { resource_changes?: ResourceChange[] }).resource_changes ?? [];
}

/** Those that an apply does something to. */
export function effective(changes: readonly ResourceChange[]): ResourceChange[] {
  return changes.filter(
    ({ change }) => change.importing !== undefined || !change.actions.includes("no-op"),
  );
}

/** A plan's changes as terraform counts them. */
export function counted(changes: readonly ResourceChange[]): string {
  const count = (action: string) =>
    changes.filter(({ change }) => change.actions.includes(action)).length;
  return `${count("create")} to add, ${count("update")} to change, ${count("delete")} to destroy`;
}
