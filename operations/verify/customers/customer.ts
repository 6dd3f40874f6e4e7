import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { scopesOfCustomers } from "../../../constructs/names/reserved-names.ts";
import { authenticationOfCustomer } from "../../../constructs/authentication/authentication.ts";
import type { Customer } from "../../../constructs/declaration.ts";
import { quoted } from "../../../text/quoted.ts";
import { authenticationProblems } from "./authentication.ts";
import { entryProblems, switchProblems } from "./client-settings.ts";
import { deployIt, listProblems, type Problem, removeIt } from "../difference.ts";
import { accessScopes } from "../promised-scopes.ts";
import type { RealClient } from "../real-realm.ts";
import { rolesIn } from "../roles.ts";

/** The client scopes that a customer has. */
export function scopesOf({ access }: Pick<Customer, "access">): string[] {
  return [...scopesOfCustomers, ...accessScopes(access)];
}

/** Problems of what is set at a customer's client. */
export function clientProblems(client: RealClient, customer: Customer): Problem[] {
  const { defaultClientScopes = [], optionalClientScopes = [] } = client;
  return [
    ...switchProblems("customer", client),
    ...entryProblems(client, customer),
    ...authenticationProblems(client, authenticationOfCustomer(customer)),
    ...listProblems("default scope", defaultClientScopes, scopesOf(customer), {
      ...{ extra: deployIt, missing: deployIt },
    }),
    ...listProblems("optional scope", optionalClientScopes, [], {
      ...{ extra: removeIt, missing: deployIt },
    }),
  ];
}

/**
 * Problems of what would act at the next token of a customer, as Keycloak evaluates it: mappers, and roles that tokens may contain. What a
 * shared client scope does is verified once for all customers.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client_scopes_evaluate
 */
export async function actingProblems(
  admin: KcAdminClient,
  realm: string,
  { id, defaultClientScopes = [] }: RealClient,
): Promise<Problem[]> {
  const { clients } = admin;
  // the library declares another type than Keycloak's answer has
  const mappers: unknown = await clients.evaluateListProtocolMapper({ realm, id, scope: "" });
  const roles = rolesIn(await clients.listScopeMappings({ realm, id }));
  return [
    ...(mappers as readonly ActingMapper[])
      .filter(
        ({ containerType, containerName }) =>
          containerType !== "client-scope" || !defaultClientScopes.includes(containerName),
      )
      .map(({ mapperName, protocolMapper }) => ({
        problem: `has the mapper ${quoted(mapperName)} (${protocolMapper}) of its own, which nobody declared`,
        fix: removeIt,
      })),
    ...roles.map((role) => ({
      problem: `may have the role ${quoted(role)} in its tokens`,
      fix: "remove it from the client's scope in Keycloak",
    })),
  ];
}

/** A mapper that acts at the next token, as Keycloak's evaluation lists it. */
interface ActingMapper {
  readonly mapperName: string;
  readonly protocolMapper: string;
  readonly containerType: string;
  readonly containerName: string;
}

/** A customer's service account, as Keycloak has it. */
export interface ServiceAccount {
  readonly id: string;
  readonly problems: readonly Problem[];
}

/**
 * Reads the service account of a customer, with the problems of its roles.
 *
 * @param defaultRole the role that the realm gives to every user
 */
export async function readServiceAccount(
  admin: KcAdminClient,
  realm: string,
  client: RealClient,
  defaultRole: string | undefined,
): Promise<ServiceAccount> {
  const user = await admin.clients.getServiceAccountUser({ realm, id: client.id });
  const { id = "", enabled = true } = user;
  const roles = rolesIn(await admin.users.listRoleMappings({ realm, id }));
  return {
    id,
    problems: [
      ...(enabled
        ? []
        : [{ problem: "has a disabled service account", fix: "enable it in Keycloak" }]),
      ...roles
        .filter((role) => role !== defaultRole)
        .map((role) => ({
          problem: `has a service account with the role ${quoted(role)}, which nobody declared`,
          fix: removeIt,
        })),
    ],
  };
}
