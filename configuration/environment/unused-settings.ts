import type { AuthenticationSettings } from "../../constructs/authentication/authentication.ts";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { type Environment, environmentFile } from "../environment.ts";
import { InvalidFileError } from "../yaml/problems.ts";
import { readYaml } from "../yaml/yaml.ts";

/**
 * Refuses settings of an environment that the realm does not have, because a `main.ts` does not pass them on.
 *
 * @param declared the settings of the realm
 * @throws InvalidFileError with each of these settings
 */
export function refuseUnusedSettings(
  { name, authentication, shards }: Pick<Environment, "name" | "authentication" | "shards">,
  declared: AuthenticationSettings & Pick<RealmDeclaration, "shards">,
): void {
  const unused = (["secretPrefix", "allowedJwksHosts", "rotationOverlap"] as const)
    .filter((field) => isSet(authentication[field]) && declared[field] === undefined)
    .map((field) => ({ field, property: "authentication" }));
  const all = [
    ...unused,
    ...(shards.count !== (declared.shards ?? 1) ? [{ field: "shards", property: "shards" }] : []),
  ];
  if (all.length === 0) return;
  const file = environmentFile(name);
  const yaml = readYaml(file, { missingFileFix: "create it" });
  throw new InvalidFileError(
    file,
    all.map(({ field, property }) => {
      const message = `is not passed on; add "${property}: environment.${property}," to new RealmStack in main.ts`;
      return yaml.problem([field], message, "key");
    }),
  );
}

/** Whether a setting says anything: an empty list is as none. */
function isSet(value: AuthenticationSettings[keyof AuthenticationSettings]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
