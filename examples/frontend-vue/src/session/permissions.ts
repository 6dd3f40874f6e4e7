/** The API's permissions. Each is a client scope, and appears in the `scope` of Keycloak's answer with a token. */
export const permissions = ["orders:read", "orders:write"] as const;

/** One of {@link permissions}. */
export type Permission = (typeof permissions)[number];

/** The reason why a permission is not granted: the app lacks the scope, or no role of the user grants it. */
export type Missing = "scope" | "role";

/** What is missing for each permission; undefined if it is granted. */
export type MissingByPermission = Readonly<Record<Permission, Missing | undefined>>;

/**
 * Finds out what a user may do with this app. It decides only what the page offers: the API checks each call.
 *
 * @param scope what the app may do, as the answer with the access token says
 * @param grantedByRoles the claim with what the user may do, or undefined if the API has no roles
 */
export function missingIn(
  scope: string,
  grantedByRoles: { readonly claim: unknown } | undefined,
): MissingByPermission {
  const inScope = scope.split(" ");
  const inRoles = grantedByRoles && stringsIn(grantedByRoles.claim);
  const missing = (permission: Permission): Missing | undefined => {
    if (!inScope.includes(permission)) return "scope";
    return inRoles === undefined || inRoles.includes(permission) ? undefined : "role";
  };
  return { "orders:read": missing("orders:read"), "orders:write": missing("orders:write") };
}

/** The strings of a list. None for any other value, which grants nothing at the API either. */
function stringsIn(value: unknown): readonly string[] {
  const isList = Array.isArray(value) && value.every((each) => typeof each === "string");
  return isList ? value : [];
}
