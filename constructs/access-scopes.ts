import type { Construct } from "constructs";
import { didYouMean, listed } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import type { Access, ApiScopes } from "./declaration.ts";
import { RealmStack } from "./realm-stack.ts";

/**
 * The client scopes that give a client its access, as references. No API at all, an API that is not declared, and a permission
 * that its API does not have are errors of the client's construct when synthesizing.
 */
export function accessScopes(owner: Construct, access: Access): string[] {
  const { apis } = RealmStack.of(owner);
  const problems: string[] = [];
  const scopes = Object.entries(access).flatMap(([id, permissions]) => {
    const api = apis.get(id);
    if (api)
      return [
        api.audience,
        ...[...new Set(permissions)].flatMap((name) => scopeOf(id, api, name, problems)),
      ];
    const fix = hint(id, [...apis.keys()], "; declare its BackendClient first");
    problems.push(`unknown API ${quoted(id)}${fix}`);
    return [];
  });
  if (Object.keys(access).length === 0) {
    problems.push(`access names no API; name at least one of ${listed([...apis.keys()])}`);
  }
  owner.node.addValidation({ validate: () => problems });
  return scopes;
}

function scopeOf(id: string, api: ApiScopes, permission: string, problems: string[]): string[] {
  const scope = api.permissions.get(permission);
  if (scope !== undefined) return [scope];
  const fix = hint(permission, [...api.permissions.keys()]);
  problems.push(`unknown permission ${quoted(permission)} of ${id}${fix}`);
  return [];
}

function hint(word: string, known: readonly string[], otherwise = ""): string {
  return didYouMean(word, known) || `; there are ${listed(known) || "none"}${otherwise}`;
}
