import { clientType } from "../../../constructs/names/resource-types.ts";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Existing } from "../../keycloak/existing.ts";
import { plan, type ResourceChange } from "../../terraform/plan.ts";
import { interruption } from "../../../system/interruption.ts";
import type { Workspace } from "../../terraform/terraform.ts";

/**
 * Plans. Terraform imports each resource that it would create although Keycloak already has it: a killed apply could not record
 * it, somebody created it by hand, or the state is lost. The import blocks are in a separate file in the stack's folder.
 *
 * @param file file that terraform saves the plan in
 * @see https://developer.hashicorp.com/terraform/language/import
 */
export async function planImporting(
  workspace: Workspace,
  file: string,
  existing: Existing,
): Promise<ResourceChange[]> {
  await rm(importFile(workspace), { force: true });
  const imports = new Map<string, string>();
  for (;;) {
    const changes = await plan(workspace, file);
    const recorded = new Set(changes.map(({ change }) => change.before?.id));
    const before = imports.size;
    for (const each of changes.filter(isCreated)) {
      interruption.throwIfAborted();
      const id = await importId(each, recorded, existing);
      if (id !== undefined) imports.set(each.address, id);
    }
    // an import makes more values known: the mappers of a scope can be looked up only by the id of the scope
    if (imports.size === before) return changes;
    const blocks = [...imports].map(([to, id]) => ({ to, id }));
    await writeFile(importFile(workspace), JSON.stringify({ import: blocks }, null, 2));
  }
}

function importFile({ folder }: Workspace): string {
  return join(folder, "imports.tf.json");
}

function isCreated({ change }: ResourceChange): boolean {
  return change.actions.length === 1 && change.actions[0] === "create";
}

/**
 * The import id of a resource that would be created; undefined if Keycloak does not have it, or terraform manages it at another
 * address.
 */
async function importId(
  { type, change: { after } }: ResourceChange,
  recorded: ReadonlySet<unknown>,
  existing: Existing,
): Promise<string | undefined> {
  const text = (name: string) => {
    const value = after?.[name];
    return typeof value === "string" ? value : undefined;
  };
  const unrecorded = (id: string | undefined) => (recorded.has(id) ? undefined : id);
  if (type === "keycloak_realm") return unrecorded(await existing.realm());
  const realm = text("realm_id");
  const name = type === clientType ? text("client_id") : text("name");
  if (realm === undefined || name === undefined) return undefined;
  if (type === clientType) return prefixed(realm, unrecorded((await existing.client(name))?.id));
  if (type === "keycloak_openid_client_scope")
    return prefixed(realm, unrecorded(await existing.scope(name)));
  const scope = text("client_scope_id");
  if (type !== "keycloak_openid_audience_protocol_mapper" || scope === undefined) return undefined;
  const mapper = unrecorded(await existing.mapper(scope, name));
  return prefixed(`${realm}/client-scope/${scope}`, mapper);
}

function prefixed(prefix: string, id: string | undefined): string | undefined {
  return id === undefined ? undefined : `${prefix}/${id}`;
}
