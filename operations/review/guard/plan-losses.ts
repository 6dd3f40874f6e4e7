import type { Planned, ResourceChange } from "../../terraform/plan.ts";
import { entityTypes, entityOf, type Entity } from "../compare/entity.ts";
import { folded, guarded, type Losses } from "./losses.ts";

/**
 * Losses of a plan, by the values that terraform found in Keycloak. It does not matter whether a resource is still declared,
 * or at which address.
 */
export function lossesOfPlan({ changes, adopted }: Planned): Losses {
  const customersBefore = changes.filter((each) => before(each).kind === "customer").length;
  const made = new Set(changes.filter(isCreated).map(keyAfter));
  const ended = changes.filter(isDeleted);
  const deleted = ended.filter((each) => !made.has(keyBefore(each)));
  const replaced = ended.filter((each) => made.has(keyBefore(each)));
  const endedKeys = new Set(ended.map(keyBefore));
  const added = changes.filter((each) => isCreated(each) && !endedKeys.has(keyAfter(each)));
  const gone = [...deleted, ...changes.filter(isRenamed)];
  return {
    customersBefore,
    customersAfter:
      customersBefore -
      deleted.filter((each) => before(each).kind === "customer").length +
      added.filter((each) => after(each).kind === "customer").length,
    removed: gone
      .filter((each) => before(each).kind === "customer")
      .map((each) => ({ id: before(each).name, suspended: each.change.before?.enabled === false })),
    suspended: changes.filter(isSuspended).map((each) => before(each).name),
    gone: folded(gone.map(before).filter(({ kind }) => guarded.has(kind))),
    replaced: folded([
      ...replaced.map(before).filter(({ kind }) => kind !== "other"),
      ...lostLists(ended),
    ]),
    adopted: inRealm(adopted),
  };
}

/** Adopted entities, without the scopes of an adopted realm: they belong to it. */
function inRealm(adopted: readonly Entity[]): Entity[] {
  const hasRealm = adopted.some(({ kind }) => kind === "realm");
  return folded(adopted.filter(({ kind }) => !(hasRealm && kind === "scope")));
}

function before({ address, type, change }: ResourceChange): Entity {
  return entityOf(address, type, change.before ?? {});
}

function after({ address, type, change }: ResourceChange): Entity {
  return entityOf(address, type, change.after ?? {});
}

// by type and name only: a client keeps its name if somebody switches its flows by hand
function keyBefore(each: ResourceChange): string {
  return JSON.stringify([each.type, before(each).name]);
}

function keyAfter(each: ResourceChange): string {
  return JSON.stringify([each.type, after(each).name]);
}

function isCreated({ change }: ResourceChange): boolean {
  return change.actions.includes("create");
}

/** Whether a resource is deleted, or forgotten: then it stays in Keycloak, but nothing manages it any more. */
function isDeleted({ change }: ResourceChange): boolean {
  return change.actions.includes("delete") || change.actions.includes("forget");
}

function isRenamed(each: ResourceChange): boolean {
  return (
    entityTypes.has(each.type) &&
    each.change.actions.includes("update") &&
    before(each).name !== after(each).name
  );
}

function isSuspended(each: ResourceChange): boolean {
  const { before: old, after: now } = each.change;
  return (
    before(each).kind === "customer" &&
    !isDeleted(each) &&
    old?.enabled !== false &&
    now?.enabled === false
  );
}

/** Lists of default scopes that are deleted while their client stays. The client may end up without scopes. */
function lostLists(ended: readonly ResourceChange[]): Entity[] {
  const clients = new Set(
    ended
      .filter(({ type }) => type === "keycloak_openid_client")
      .map(({ change }) => change.before?.id),
  );
  return ended
    .filter(({ type }) => type === "keycloak_openid_client_default_scopes")
    .filter(({ change }) => !clients.has(change.before?.client_id))
    .map(({ address }) => ({ kind: "other", name: address }));
}
