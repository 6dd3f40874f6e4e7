import { quoted } from "../../text/quoted.ts";

/** The names in a group's path, with slashes still written `~/`. */
function segments(path: string): string[] {
  return path.split(/(?<!~)\//).slice(1);
}

/**
 * The name of a group, from its path.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#proc-managing-groups_server_administration_guide
 */
export function groupName(path: string): string {
  return (segments(path).at(-1) ?? "").replaceAll("~/", "/");
}

/** The path of the group above; undefined for a group at the top. */
export function parentGroup(path: string): string | undefined {
  const above = segments(path).slice(0, -1);
  return above.length > 0 ? `/${above.join("/")}` : undefined;
}

/** The path of a group with a name, below another group or at the top. */
export function groupPath(name: string, parent = ""): string {
  return `${parent}/${name.replaceAll("/", "~/")}`;
}

/** Problems of a group's path. @returns the problems, none if the path is fine */
export function pathProblems(path: string): string[] {
  const isPath = path.startsWith("/") && segments(path).every((name) => /^\S(.*\S)?$/.test(name));
  return isPath
    ? []
    : [`${quoted(path)} is not the path of a group; write it as in "/sales/clerks"`];
}
