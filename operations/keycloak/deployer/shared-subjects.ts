import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import { authenticationOfCustomer } from "../../../constructs/authentication/authentication.ts";
import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import { deployerClientId, readerClientId } from "../../../constructs/names/reserved-names.ts";
import { RefusedError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import { attributeOf, findClient } from "../clients.ts";
import { adminClient, type Login } from "../login/admin.ts";

/** Client ids of the identities of a pipeline. */
const pipelinesIds: readonly string[] = [deployerClientId, readerClientId];

/**
 * Refuses customers with the subject of a pipeline's identity: Keycloak gives no token to a subject that several clients have, so nobody
 * could deploy any more. A suspended customer is no problem.
 *
 * @throws RefusedError for the first such customer
 */
export async function refuseSubjectsOfPipeline(
  { realm, customers }: RealmDeclaration,
  login: Login,
): Promise<void> {
  const federated = Object.entries(customers).flatMap(([id, customer]) => {
    const auth = authenticationOfCustomer(customer);
    return customer.enabled && auth.method === "federated_jwt" ? [{ id, ...auth }] : [];
  });
  if (federated.length === 0) return;
  const admin = await adminClient(login);
  if (!(await admin.realms.findOne({ realm }))) return;
  for (const pipelinesId of pipelinesIds) {
    const client = await findClient(admin, realm, pipelinesId);
    const same = federated.find(
      ({ issuer, subject }) => client && isSubjectOf(client, issuer, subject),
    );
    if (same)
      throw new RefusedError(
        `the customer ${quoted(same.id)} has the subject of the pipeline's client ${quoted(pipelinesId)}, ${quoted(same.subject)}, so Keycloak would give neither a token; nothing is applied; change the customer's subject`,
      );
  }
}

/**
 * Refuses subjects for a pipeline that another client has already.
 *
 * @param alias the issuer's alias in the realm
 * @throws RefusedError for the first such client
 */
export async function refuseSubjectsOfOthers(
  admin: KcAdminClient,
  realm: string,
  alias: string,
  subjects: readonly string[],
): Promise<void> {
  for (const subject of subjects) {
    // in quotes, because a subject may contain a space; Keycloak keeps a backslash that is not before a quote
    const value = `"${subject.replaceAll('"', String.raw`\"`)}"`;
    const found = await admin.clients.find({ realm, q: `jwt.credential.sub:${value}` });
    const other = found.find(
      (client) =>
        !pipelinesIds.includes(client.clientId ?? "") && isSubjectOf(client, alias, subject),
    );
    if (other)
      throw new RefusedError(
        `the client ${quoted(other.clientId)} has the subject ${quoted(subject)} already, so Keycloak would give neither it nor the pipeline a token; nothing is changed; name another subject, or change that client first`,
      );
  }
}

/** Whether a client accepts the tokens of a subject. Keycloak looks clients up by these attributes only. */
function isSubjectOf(client: ClientRepresentation, alias: string, subject: string): boolean {
  return (
    attributeOf(client, "jwt.credential.issuer") === alias &&
    attributeOf(client, "jwt.credential.sub") === subject
  );
}
