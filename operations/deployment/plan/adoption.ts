import {
  audienceMapperType,
  clientType,
  groupType,
  roleMapperType,
  roleType,
  scopeType,
} from "../../../constructs/names/resource-types.ts";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { adminClient } from "../../keycloak/login/admin.ts";
import { findClient } from "../../keycloak/clients.ts";
import { Creations } from "../../keycloak/existing/creations.ts";
import { identityOf } from "../../keycloak/login/identity.ts";
import { type Entity, entityKey } from "../../review/compare/resources/entity.ts";
import { plannedResources } from "../../review/compare/resources/planned-resources.ts";
import { stateVersion } from "../../terraform/state/state.ts";
import type { ResourceChange } from "../../terraform/plan.ts";
import { differingNames } from "../saved-plan/agreement.ts";
import { interruption } from "../../../system/interruption.ts";
import type { TerraformRun } from "../../terraform/terraform-run.ts";

/**
 * The entities that a plan imports although they may be somebody else's. The others are what a deploy of the same identity created before it
 * was interrupted: nobody knows the secret of such a client, and nobody has changed the object since.
 *
 * @see docs/adr/0019-only-own-objects-are-imported-unnamed.md
 */
export async function adoptedEntities(
  run: TerraformRun,
  changes: readonly ResourceChange[],
): Promise<Entity[]> {
  const imported = changes.filter(({ change }) => change.importing !== undefined);
  if (imported.length === 0) return [];
  const isLeftover = await leftoverCheck(run, changes);
  const { entities } = plannedResources(changes);
  const adopted = new Map<string, Entity>();
  for (const each of imported) {
    interruption.throwIfAborted();
    if (await isLeftover(each)) continue;
    // as it is declared: somebody else's client may look like another kind
    const { address, type, change } = each;
    const entity = entities.of({ address, type, values: change.after ?? {} });
    adopted.set(entityKey(entity), entity);
  }
  return [...adopted.values()];
}

/** @returns a function that checks whether an interrupted deploy of the same identity left an object */
async function leftoverCheck(
  { target, head, workspace }: TerraformRun,
  changes: readonly ResourceChange[],
): Promise<(change: ResourceChange) => Promise<boolean>> {
  const { login, isOwn } = target;
  const { realm } = head.declaration;
  const identity = await identityOf(login);
  // without a state, everything is newer than its last write: it may be lost
  const hasState = (await stateVersion(workspace)) !== null;
  const managed = changes.filter(({ change }) => change.importing === undefined);
  const recorded = new Set(managed.map(({ change }) => change.before?.id));
  const admin = await adminClient(login);
  const creations = identity && new Creations(admin, realm, identity, recorded);
  return async (each) => {
    const path = eventPath(each);
    if (isOwn && each.type !== clientType) return true;
    if (!creations || !hasState || path === undefined) return false;
    // of a role, client_id is the UUID of its client
    const clientId = each.type === clientType ? String(each.change.before?.client_id) : undefined;
    return (await isAsCreated(each, admin, realm)) && (await creations.isOnlyOwn(path, clientId));
  };
}

/**
 * The path of an object in the realm's admin events; undefined for a realm, whose creation they do not record, and for a group below another
 * one, whose creation they record without its id.
 */
function eventPath({ type, change: { before } }: ResourceChange): string | undefined {
  switch (type) {
    case clientType:
      return `clients/${String(before?.id)}`;
    case scopeType:
      return `client-scopes/${String(before?.id)}`;
    case audienceMapperType:
    case roleMapperType:
      return `client-scopes/${String(before?.client_scope_id)}/protocol-mappers/models/${String(before?.id)}`;
    case roleType:
      return `clients/${String(before?.client_id)}/roles/${String(before?.name)}`;
    case groupType:
      return before?.parent_id ? undefined : `groups/${String(before?.id)}`;
    default:
      return undefined;
  }
}

/**
 * Whether an imported object is exactly what a creation would write, except for a client's secret and for the composites of a role, which are
 * written afterwards.
 */
async function isAsCreated(
  { type, change: { before, after } }: ResourceChange,
  admin: KcAdminClient,
  realm: string,
): Promise<boolean> {
  const hasComposites = [before?.composite_roles ?? []].flat().length > 0;
  const changed = differingNames(before, after).filter(
    (name) => name !== "client_secret_wo_version" && (name !== "composite_roles" || hasComposites),
  );
  if (changed.length === 0) return true;
  // the provider reads no client attributes when it imports a client
  const attributes = changed.filter((name) => name.startsWith("extra_config."));
  if (type !== clientType || attributes.length < changed.length) return false;
  const client = await findClient(admin, realm, String(before?.client_id));
  const declared = after?.extra_config as Readonly<Record<string, unknown>>;
  return Object.entries(declared).every(([name, value]) => client?.attributes?.[name] === value);
}
