import type { Construct } from "constructs";
import { hint, listed } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";
import type { Access } from "../declaration.ts";
import { RealmStack } from "../realm-stack.ts";

interface ResolvedAccess {
  readonly scopes: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Producer of the client scopes that give a client its access, as references. It runs when the stack is synthesized, so the APIs
 * may be declared after the client. Access without any API, an undeclared API and an unknown permission make the client's
 * construct invalid.
 *
 * @param ofPeople whether people sign in through the client, so that its tokens contain what their roles permit
 */
export function accessScopes(
  owner: Construct,
  access: Access,
  ofPeople = false,
): () => readonly string[] {
  const realm = RealmStack.of(owner);
  owner.node.addValidation({ validate: () => [...resolve(owner, access).problems] });
  const roles = ofPeople ? Object.keys(access) : [];
  return () => [
    ...resolve(owner, access).scopes,
    ...roles.flatMap((api) => realm.apiScopes(api, owner)?.roles?.scope ?? []),
  ];
}

function resolve(owner: Construct, access: Access): ResolvedAccess {
  const realm = RealmStack.of(owner);
  const entries = Object.entries(access);
  if (entries.length === 0) {
    const problem = `access names no API; name at least one of ${listed(realm.contents.apiIds)}`;
    return { scopes: [], problems: [problem] };
  }
  const resolved = entries.map(([api, permissions]) => resolveApi(owner, api, permissions));
  return {
    scopes: resolved.flatMap(({ scopes }) => scopes),
    problems: resolved.flatMap(({ problems }) => problems),
  };
}

function resolveApi(owner: Construct, id: string, permissions: readonly string[]): ResolvedAccess {
  const realm = RealmStack.of(owner);
  const api = realm.apiScopes(id, owner);
  if (!api) {
    const fix = hint(id, realm.contents.apiIds, "; declare it with a BackendClient");
    return { scopes: [], problems: [`unknown API ${quoted(id)}${fix}`] };
  }
  const wanted = [...new Set(permissions)];
  const unknown = wanted.filter((permission) => !api.permissions.has(permission));
  return {
    scopes: [api.audience, ...wanted.flatMap((name) => api.permissions.get(name) ?? [])],
    problems: unknown.map(
      (name) =>
        `unknown permission ${quoted(name)} of ${id}${hint(name, [...api.permissions.keys()])}`,
    ),
  };
}
