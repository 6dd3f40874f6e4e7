import { customersLocator } from "../../configuration/customers.ts";
import { durationText } from "../../configuration/fields/duration.ts";
import { InvalidFileError, type Problem } from "../../configuration/yaml/problems.ts";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { quoted } from "../../text/quoted.ts";
import { adminClient, type Login } from "../keycloak/login/admin.ts";
import { longestLifespan, type LongestLifespan } from "../keycloak/token-lifespan.ts";

/** Part of the declaration that {@link lifespanProblems} compares with the realm. */
type Declared = Pick<RealmDeclaration, "realm" | "customers">;

/**
 * Refuses customers whose `tokenLifespan` is longer than the realm allows: Keycloak would shorten the lifespan of their tokens without an
 * error. Nothing is refused if the realm does not exist yet, or if the login may not view its settings.
 *
 * @param file the customers file, or their folder
 * @throws InvalidFileError with the longest lifespan and the setting
 */
export async function refuseLongLifespans(
  declaration: Declared,
  login: Login,
  file: string,
): Promise<void> {
  const { realm, customers } = declaration;
  if (Object.values(customers).every(({ tokenLifespan }) => tokenLifespan === undefined)) return;
  const admin = await adminClient(login);
  const longest = longestLifespan((await admin.realms.findOne({ realm })) ?? {});
  const problems = longest ? lifespanProblems(declaration, longest, file) : [];
  if (problems.length > 0) throw new InvalidFileError(file, problems);
}

/** Problems of customers whose `tokenLifespan` is longer than the realm allows, with their places in the customers file, or in the files of the folder. */
export function lifespanProblems(
  { realm, customers }: Declared,
  { seconds, setting }: LongestLifespan,
  file: string,
): Problem[] {
  const longer = Object.entries(customers).flatMap(([id, { tokenLifespan = 0 }]) =>
    tokenLifespan > seconds ? [{ id, written: durationText(tokenLifespan) }] : [],
  );
  if (longer.length === 0) return [];
  const limit = `${durationText(seconds)}, the ${quoted(setting)} of the realm ${quoted(realm)}`;
  const fix = `shorten it, or raise that in Keycloak's "Realm settings", "Sessions"`;
  const problemOf = customersLocator(file);
  return longer.map(({ id, written }) =>
    problemOf(id, "tokenLifespan", `${written} is more than ${limit}; ${fix}`),
  );
}
