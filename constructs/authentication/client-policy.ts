import { RealmClientPolicyProfile } from "@cdktf/provider-keycloak/lib/realm-client-policy-profile";
import { RealmClientPolicyProfilePolicy } from "@cdktf/provider-keycloak/lib/realm-client-policy-profile-policy";
import { Construct } from "constructs";
import type { RealmContents } from "../realm/realm-contents.ts";

/** A rule of a realm for clients. */
export interface ClientPolicyProps {
  /** The name of the policy and of its profile. */
  readonly name: string;
  /** The condition, which has to hold for a client. */
  readonly condition: PolicyPart;
  /** The rule for these clients. */
  readonly executor: PolicyPart;
}

/** A condition or an executor, with its configuration: lists are JSON in text. */
export interface PolicyPart {
  readonly name: string;
  readonly configuration: Record<string, string>;
}

/** The realm of a client policy. */
export interface PolicyRealm {
  readonly realmId: string;
  readonly contents: Pick<RealmContents, "policiesSoFar" | "registerPolicy">;
}

/**
 * Declares a client policy with a profile of its own. Only an administrator can change it.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client_policies
 */
export function addClientPolicy(
  scope: Construct,
  id: string,
  { name, condition, executor }: ClientPolicyProps,
  realm: PolicyRealm,
): void {
  const owner = new Construct(scope, id);
  const { realmId } = realm;
  // each of them replaces the realm's whole list, so of two at once one would be lost
  const dependsOn = realm.contents.policiesSoFar;
  const profile = new RealmClientPolicyProfile(owner, "profile", {
    ...{ realmId, name, dependsOn },
    executor: [{ ...executor }],
  });
  const policy = new RealmClientPolicyProfilePolicy(owner, "policy", {
    ...{ realmId, name },
    enabled: true,
    profiles: [profile.name],
    condition: [{ ...condition }],
  });
  realm.contents.registerPolicy(policy);
}
