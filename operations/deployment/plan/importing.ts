import {
  audienceMapperType,
  clientType,
  groupType,
  issuerType,
  roleMapperType,
  roleType,
  scopeType,
} from "../../../constructs/names/resource-types.ts";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Existing } from "../../keycloak/existing/existing.ts";
import { plan, type ResourceChange } from "../../terraform/plan.ts";
import { recordedIds } from "../../terraform/state/state.ts";
import type { ResourceArguments } from "../../terraform/synthesis/stack-json.ts";
import { interruption } from "../../../system/interruption.ts";
import type { Workspace } from "../../terraform/terraform.ts";

/**
 * Plans. Terraform imports each resource that it would create although Keycloak already has it: a killed apply could not record
 * it, somebody created it by hand, or the state is lost. The import blocks are in a separate file in the stack's folder.
 *
 * @param file file that terraform saves the plan in
 * @param options what Keycloak has, and the addresses to plan, by default all
 * @see https://developer.hashicorp.com/terraform/language/import
 */
export async function planImporting(
  workspace: Workspace,
  file: string,
  {
    existing,
    targets,
  }: { readonly existing: Existing; readonly targets?: readonly string[] | undefined },
): Promise<ResourceChange[]> {
  await rm(importFile(workspace), { force: true });
  const imports = new Map<string, string>();
  let ids: Promise<ReadonlySet<unknown>> | undefined;
  const recorded = () => (ids ??= recordedIds(workspace));
  for (;;) {
    const changes = await plan(workspace, file, targets);
    const before = imports.size;
    for (const each of changes.filter(isCreated)) {
      interruption.throwIfAborted();
      const found = await foundFor(each, existing);
      // terraform may manage it at another address, which it does not plan
      if (found && !(await recorded()).has(found.id)) imports.set(each.address, found.importId);
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

/** The object in Keycloak of a resource that would be created; undefined if Keycloak does not have it. */
async function foundFor(change: ResourceChange, existing: Existing): Promise<Found | undefined> {
  if (change.type === "keycloak_realm") {
    const realm = await existing.realm();
    return realm === undefined ? undefined : { id: realm, importId: realm };
  }
  const { after, after_unknown: unknown } = change.change;
  const place = placeOf(change.type, after ?? {}, (unknown ?? {}) as ResourceArguments);
  const realm = change.type === issuerType ? after?.realm : after?.realm_id;
  if (!place || typeof realm !== "string") return undefined;
  const id = await place.find(existing);
  return id === undefined ? undefined : { id, importId: `${realm}/${place.path ?? ""}${id}` };
}

/** An object in Keycloak. */
interface Found {
  /** Its id in Keycloak, and in terraform's state. */
  readonly id: string;
  /** The id with which terraform imports it. */
  readonly importId: string;
}

/** How to find an object in Keycloak. */
interface Place {
  readonly find: (existing: Existing) => Promise<string | undefined>;
  /** The path in the import id, between the realm and the object's own id. */
  readonly path?: string;
}

/** The place of an object; undefined if its values are not known yet, or if terraform creates it whether it exists or not. */
function placeOf(
  type: string,
  after: ResourceArguments,
  unknown: ResourceArguments,
): Place | undefined {
  const { name, alias, client_id: client, client_scope_id: scope, parent_id: parent } = after;
  if (type === clientType)
    return isText(client)
      ? { find: async (existing) => (await existing.client(client))?.id }
      : undefined;
  if (type === issuerType)
    return isText(alias) ? { find: (existing) => existing.issuer(alias) } : undefined;
  if (!isText(name)) return undefined;
  switch (type) {
    case scopeType:
      return { find: (existing) => existing.scope(name) };
    case audienceMapperType:
    case roleMapperType:
      return isText(scope)
        ? { find: (existing) => existing.mapper(scope, name), path: `client-scope/${scope}/` }
        : undefined;
    case roleType:
      return isText(client) ? { find: (existing) => existing.role(client, name) } : undefined;
    case groupType:
      if (unknown.parent_id === true) return undefined;
      return { find: (existing) => existing.group(name, isText(parent) ? parent : undefined) };
    default:
      return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
