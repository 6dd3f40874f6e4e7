import { Fn } from "cdktf";
import type { Construct } from "constructs";
import { hint } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";
import { constructId } from "../names/construct-id.ts";
import {
  type AuthenticationMethod,
  authenticationMethods,
  type AuthenticationSettings,
  clientAuthenticators,
} from "./authentication.ts";
import { addClientPolicy, type PolicyRealm } from "./client-policy.ts";

/** The longest period of a secret that Keycloak takes, in seconds, 68 years: its rotation cannot do without one, and no secret may end by surprise. */
const longest = 2 ** 31 - 1;

/**
 * Declares that Keycloak gives no token with a permission to a client that authenticates with another method. Public clients may have
 * the permission, because their users sign in. A condition on the kind of client would make it worse: only that one applies to a change of
 * a client, so Keycloak would refuse to change any client with a secret.
 *
 * @param scope the client scope of the permission, as a reference
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client_policies
 */
export function requireMethods(
  owner: Construct,
  permission: string,
  scope: string,
  methods: readonly AuthenticationMethod[],
  realm: PolicyRealm,
): void {
  addClientPolicy(
    owner,
    constructId("policy:", permission),
    {
      name: `authentication-${permission}`,
      condition: {
        name: "client-scopes",
        // Terraform encodes it as the provider does, so that no character of a permission differs in a plan
        configuration: { scopes: Fn.jsonencode([scope]), type: "Any" },
      },
      executor: {
        name: "secure-client-authenticator",
        configuration: {
          "allowed-client-authenticators": JSON.stringify(
            methods.map((method) => clientAuthenticators[method]),
          ),
        },
      },
    },
    realm,
  );
}

/** Problems of the methods that a permission demands. */
export function requirementProblems(permission: string, methods: unknown): string[] {
  if (!isListOfTexts(methods))
    return [
      `permission ${quoted(permission)}: "requires" must be a list of methods, such as ["private_key_jwt"]`,
    ];
  const what = `permission ${quoted(permission)} requires`;
  if (methods.length === 0)
    return [`${what} no method; name some, or write the permission without "requires"`];
  const unknown = methods.filter(
    (method) => !authenticationMethods.some((each) => each === method),
  );
  const twice = methods.filter((method, index) => methods.indexOf(method) < index);
  return [
    ...unknown.map(
      (method) =>
        `${what} an unknown method ${quoted(method)}${hint(method, authenticationMethods)}`,
    ),
    ...twice.map((method) => `${what} ${quoted(method)} twice; remove one`),
  ];
}

/** Whether a value is a list of texts: main.ts runs without a check of its types. */
export function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

/** Declares the policies of a managed realm's settings; none for settings that are not set. */
export function addRealmPolicies(
  stack: Construct & PolicyRealm,
  { allowedJwksHosts, rotationOverlap }: AuthenticationSettings,
): void {
  if (allowedJwksHosts !== undefined) {
    addClientPolicy(
      stack,
      "key-hosts",
      {
        name: "key-hosts",
        // Keycloak also fetches the keys of public clients
        condition: { name: "any-client", configuration: {} },
        executor: {
          name: "secure-client-uris-pattern",
          configuration: {
            "client-uri-fields": JSON.stringify(["jwksUri"]),
            "allowed-patterns": JSON.stringify(allowedJwksHosts.map(pattern)),
          },
        },
      },
      stack,
    );
  }
  if (rotationOverlap !== undefined) {
    addClientPolicy(
      stack,
      "secret-rotation",
      {
        name: "secret-rotation",
        condition: {
          name: "client-access-type",
          configuration: { type: JSON.stringify(["confidential"]) },
        },
        executor: {
          name: "secret-rotation",
          configuration: {
            "expiration-period": String(longest),
            "rotated-expiration-period": String(rotationOverlap),
            "remaining-rotation-period": "1",
          },
        },
      },
      stack,
    );
  }
}

/** Regular expression of the addresses of a host. It has to match the whole address. */
function pattern(host: string): string {
  return String.raw`https://${host.replaceAll(".", String.raw`\.`)}([/?].*)?`;
}
