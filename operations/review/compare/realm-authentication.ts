import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import type { RealmAuthenticationChange } from "./declaration-change.ts";
import { identical, pairedLeaves, sorted, type ValueChange } from "./values.ts";

/** Compares what the realm demands of customers' authentication, and whom it trusts for it. */
export function realmAuthenticationChange(
  before: RealmDeclaration | undefined,
  after: RealmDeclaration,
): RealmAuthenticationChange {
  const hosts = {
    from: sorted(before?.allowedJwksHosts ?? []),
    to: sorted(after.allowedJwksHosts ?? []),
  };
  return {
    requirements: changes(before?.requires, after.requires).map(({ attribute, from, to }) => ({
      permission: attribute,
      from: from as readonly string[] | null,
      to: to as readonly string[] | null,
    })),
    issuers: changes(before?.issuers, after.issuers).map(({ attribute, from, to }) => ({
      name: attribute,
      from: from as string | null,
      to: to as string | null,
    })),
    keyHosts: identical(hosts.from, hosts.to) ? null : hosts,
    rotationOverlap:
      before?.rotationOverlap === after.rotationOverlap
        ? null
        : { from: before?.rotationOverlap ?? null, to: after.rotationOverlap ?? null },
  };
}

/** The fields that differ. */
function changes(before: object = {}, after: object = {}): ValueChange[] {
  const fields = (of: object) => new Map<string, unknown>(Object.entries(of));
  return pairedLeaves(fields(before), fields(after)).filter(({ from, to }) => !identical(from, to));
}
