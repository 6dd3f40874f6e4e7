import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import { scopesOfCustomers } from "../../../constructs/names/reserved-names.ts";
import { UnavailableError } from "../../../text/errors.ts";
import { listed } from "../../../text/did-you-mean.ts";
import { quoted } from "../../../text/quoted.ts";
import { adminClient, type Login } from "../login/admin.ts";

/** What to do if a remote Keycloak lacks a realm that is declared as existing. */
const createIt =
  'create it there, or correct its name in main.ts; without "existing: true", a deploy creates the realm';

/**
 * Makes sure that a realm exists if it is declared with `existing: true`, with the client scopes of customers that are not declared.
 *
 * @param fix what to do if it does not exist
 * @throws UnavailableError if it does not exist, or lacks a client scope
 */
export async function needExistingRealm(
  { realm, existing = false }: RealmDeclaration,
  login: Login,
  fix = createIt,
): Promise<void> {
  if (!existing) return;
  const admin = await adminClient(login);
  if (!(await admin.realms.findOne({ realm })))
    throw new UnavailableError(
      `main.ts declares the realm ${quoted(realm)} with "existing: true", but Keycloak at ${login.baseUrl} has no such realm; ${fix}`,
    );
  const names = (await admin.clientScopes.find({ realm })).map(({ name }) => name);
  const missing = scopesOfCustomers.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw new UnavailableError(
      `the realm ${quoted(realm)} lacks ${listed(missing)}, a client scope that each customer needs; create it with the mappers that a new realm has in it`,
    );
}
