import type { ApiScopes } from "../declaration.ts";
import { audienceScopeName } from "../names/audience-scope-name.ts";

/** The client scopes of an API by name, for a stack that does not refer to the realm's own. */
export function scopesByName(api: string, { permissions, roles }: ApiScopes): ApiScopes {
  return {
    audience: audienceScopeName(api),
    permissions: new Map([...permissions.keys()].map((name) => [name, name])),
    roles,
  };
}
