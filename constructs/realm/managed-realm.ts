import { Realm } from "@cdktf/provider-keycloak/lib/realm";
import { RealmDefaultClientScopes } from "@cdktf/provider-keycloak/lib/realm-default-client-scopes";
import { RealmEvents } from "@cdktf/provider-keycloak/lib/realm-events";
import { RealmOptionalClientScopes } from "@cdktf/provider-keycloak/lib/realm-optional-client-scopes";
import { type ITerraformDependable, Lazy, type TerraformStack } from "cdktf";
import { eventArguments, realmArguments, type RealmSettings } from "./realm-settings.ts";

/** What a client refers to and waits for in a realm. */
export interface RealmReference {
  /** The realm's id. Keycloak's provider takes the realm's name as its id. */
  readonly realmId: string;
  /**
   * Resources that a client has to wait for. They make sure that the client starts with the realm's own client scopes, and that
   * the realm's events record its creation.
   */
  readonly clientDependencies: ITerraformDependable[];
}

/**
 * Declares a realm with its settings, the events that it stores, and the client scopes that it hands out: only `basic`.
 *
 * @param hasGroups whether groups are declared, which is known when the stack is synthesized. Then the realm has fine-grained admin
 *   permissions, which allow the deployer to read groups.
 */
export function addManagedRealm(
  stack: TerraformStack,
  name: string,
  settings: RealmSettings,
  hasGroups: () => boolean,
): RealmReference {
  const realm = new Realm(stack, "realm", {
    realm: name,
    displayName: settings.displayName ?? name,
    enabled: true,
    sslRequired: "external",
    registrationAllowed: false,
    accessTokenLifespan: "5m0s",
    securityDefenses: { bruteForceDetection: {} },
    adminPermissionsEnabled: Lazy.anyValue({ produce: () => hasGroups() || undefined }),
    ...realmArguments(settings),
    lifecycle: { preventDestroy: true },
  });
  const realmId = realm.id;
  const events = new RealmEvents(stack, "events", { realmId, ...eventArguments(settings) });
  return {
    realmId,
    clientDependencies: [
      events,
      new RealmDefaultClientScopes(stack, "default-scopes", { realmId, defaultScopes: ["basic"] }),
      new RealmOptionalClientScopes(stack, "optional-scopes", { realmId, optionalScopes: [] }),
    ],
  };
}

/**
 * Makes Terraform forget the resources of {@link addManagedRealm} and addRealmPolicies if the state has them. Without this,
 * `existing: true` in a stack that has managed its realm would delete that realm, with every user and client in it.
 *
 * @see https://developer.hashicorp.com/terraform/language/block/removed
 */
export function forgetManagedRealm(stack: TerraformStack): void {
  const addresses = [
    "keycloak_realm.realm",
    "keycloak_realm_events.events",
    "keycloak_realm_default_client_scopes.default-scopes",
    "keycloak_realm_optional_client_scopes.optional-scopes",
    "keycloak_realm_client_policy_profile.key-hosts_profile_80D5AB50",
    "keycloak_realm_client_policy_profile_policy.key-hosts_policy_C3CD991D",
    "keycloak_realm_client_policy_profile.secret-rotation_profile_0696F755",
    "keycloak_realm_client_policy_profile_policy.secret-rotation_policy_DAE27E28",
  ];
  stack.addOverride(
    "removed",
    addresses.map((from) => ({ from, lifecycle: { destroy: false } })),
  );
}
