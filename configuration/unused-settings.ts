import type { AuthenticationSettings } from "../constructs/authentication/authentication.ts";
import { type Environment, environmentFile } from "./environment.ts";
import { InvalidFileError } from "./yaml/problems.ts";
import { readYaml } from "./yaml/yaml.ts";

/**
 * Refuses settings of authentication that an environment has and the realm does not, because a `main.ts` from before them does not pass
 * them on.
 *
 * @param declared the settings of the realm
 * @throws InvalidFileError with each setting that has no effect
 */
export function refuseUnusedSettings(
  { name, authentication }: Pick<Environment, "name" | "authentication">,
  declared: AuthenticationSettings,
): void {
  const unused = (["secretPrefix", "allowedJwksHosts", "rotationOverlap"] as const).filter(
    (field) => isSet(authentication[field]) && declared[field] === undefined,
  );
  if (unused.length === 0) return;
  const file = environmentFile(name);
  const yaml = readYaml(file, { missingFileFix: "create it" });
  const message =
    'has no effect; add "authentication: environment.authentication," to new RealmStack in main.ts';
  throw new InvalidFileError(
    file,
    unused.map((field) => yaml.problem([field], message, "key")),
  );
}

/** Whether a setting says anything: an empty list is as none. */
function isSet(value: AuthenticationSettings[keyof AuthenticationSettings]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}
