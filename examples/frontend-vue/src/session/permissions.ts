/** The API's permissions. Each is a client scope, and appears in a token's `scope` (RFC 9068, section 2.2.3). */
export const permissions = ["orders:read", "orders:write"] as const;

/** One of {@link permissions}. */
export type Permission = (typeof permissions)[number];

/** The permissions in a token's `scope`. They decide only what the page offers: the API checks each call. */
export function permissionsIn(scope: unknown): ReadonlySet<Permission> {
  const granted = typeof scope === "string" ? scope.split(" ") : [];
  return new Set(permissions.filter((permission) => granted.includes(permission)));
}
