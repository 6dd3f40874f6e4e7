/** Claim that lists the permissions of a person, next to `scope`, which lists those of the app. */
export const permissionsClaim = "permissions";
