import { quoted } from "../../text/quoted.ts";

/** The names in a group's path. */
function segments(path: string): string[] {
  return path.split("/").slice(1);
}

/** The name of a group, from its path. */
export function groupName(path: string): string {
  return segments(path).at(-1) ?? "";
}

/** The path of the group above; undefined for a group at the top. */
export function parentGroup(path: string): string | undefined {
  const above = segments(path).slice(0, -1);
  return above.length > 0 ? `/${above.join("/")}` : undefined;
}

/** The path of a group with a name, below another group or at the top. */
export function groupPath(name: string, parent = ""): string {
  return `${parent}/${name}`;
}

/**
 * Problems of a group's path. No name may contain a slash, which Keycloak's paths show as `~/`: the Keycloak provider takes it for the
 * end of another group's name.
 *
 * @returns the problems, none if the path is fine
 * @see https://github.com/keycloak/terraform-provider-keycloak/blob/v5.9.0/keycloak/group.go
 */
export function pathProblems(path: string): string[] {
  if (path.includes("~/"))
    return [
      `${quoted(path)} has a slash in a group's name, which the Keycloak provider cannot manage`,
    ];
  const isPath = path.startsWith("/") && segments(path).every((name) => /^\S(.*\S)?$/.test(name));
  return isPath
    ? []
    : [`${quoted(path)} is not the path of a group; write it as in "/sales/clerks"`];
}
