import { randomBytes } from "node:crypto";
import { adminClient } from "../../keycloak/login/admin.ts";
import { findClient } from "../../keycloak/clients.ts";
import { changesWithSecret, type ResourceChange } from "../../terraform/plan.ts";
import { stateResources } from "../../terraform/state/state.ts";
import type { TerraformRun } from "../../terraform/terraform-run.ts";

/**
 * Replaces the secrets that a failed apply left in the state: it imported a client, and could not give it a new secret. Afterwards the
 * secret in the state, and in every copy of it, is not valid. Nobody knows the new one; the next deploy replaces it again.
 *
 * @param changes the changes of the plan that was applied
 * @param errored the file with the state, if terraform could not store it
 * @returns the client ids
 * @throws Error if the state or Keycloak cannot be reached
 */
export async function replaceRecordedSecrets(
  { workspace, head, target }: Pick<TerraformRun, "workspace" | "head" | "target">,
  changes: readonly ResourceChange[],
  errored?: string,
): Promise<string[]> {
  const addresses = new Set(changesWithSecret(changes).map(({ address }) => address));
  if (addresses.size === 0) return [];
  const resources = await stateResources(workspace, errored);
  const recorded = resources.filter(({ address }) => addresses.has(address));
  const { realm } = head.declaration;
  const admin = await adminClient(target.login, true);
  const replaced: string[] = [];
  for (const { values } of recorded) {
    const client = await findClient(admin, realm, String(values?.client_id));
    if (!client?.secret || client.secret !== values?.client_secret) continue;
    const secret = randomBytes(32).toString("hex");
    // a generated secret would let the old one work on, if Keycloak has secret rotation
    await admin.clients.update({ realm, id: client.id }, { ...client, secret });
    replaced.push(String(client.clientId));
  }
  return replaced;
}
