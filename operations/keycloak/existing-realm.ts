import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { UnavailableError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { adminClient, type Login } from "./admin.ts";

/** What to do if a remote Keycloak lacks a realm that is declared as existing. */
const createIt =
  'create it there, or correct its name in main.ts; without "existing: true", a deploy creates the realm';

/**
 * Makes sure that a realm exists if it is declared with `existing: true`.
 *
 * @param fix what to do if it does not exist
 * @throws UnavailableError if it does not exist
 */
export async function needExistingRealm(
  { realm, existing = false }: RealmDeclaration,
  login: Login,
  fix = createIt,
): Promise<void> {
  if (!existing) return;
  const admin = await adminClient(login);
  if (await admin.realms.findOne({ realm })) return;
  throw new UnavailableError(
    `main.ts declares the realm ${quoted(realm)} with "existing: true", but Keycloak at ${login.baseUrl} has no such realm; ${fix}`,
  );
}
