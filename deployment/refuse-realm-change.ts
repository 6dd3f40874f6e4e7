import type { Login } from "../keycloak/admin.ts";
import { deployerClientId } from "../keycloak/built-in.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import { ExplainedError } from "../text/errors.ts";

/**
 * Stops the deployer before it applies what it may not: half of it would be done before Keycloak refuses.
 *
 * @throws ExplainedError (1) if the deployer is about to change the realm itself
 */
export function refuseRealmChange({ clientId }: Login, changes: readonly ResourceChange[]): void {
  const realm = changes.filter(({ type }) => type.startsWith("keycloak_realm"));
  if (clientId !== deployerClientId || realm.length === 0) return;
  const addresses = realm.map(({ address }) => `  ${address}`).join("\n");
  throw new ExplainedError(
    1,
    `this changes the realm itself, which the deployer may not; nothing is applied:\n${addresses}\ndeploy it as an administrator (on this machine: npm start -- --as-administrator)`,
  );
}
