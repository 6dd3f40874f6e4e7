import type { Construct } from "constructs";
import {
  type AuthenticationMethod,
  type AuthenticationSettings,
  clientAuthenticators,
} from "./authentication.ts";
import { addClientPolicy, type PolicyRealm } from "./client-policy.ts";

/** The clients that a policy is for: those that could keep a secret, so no frontend. */
const confidentialClients = {
  name: "client-access-type",
  configuration: { type: JSON.stringify(["confidential"]) },
};

/** Seconds of ten years: Keycloak's rotation cannot do without an end, and no secret may end by surprise. */
const veryLong = 10 * 365 * 24 * 60 * 60;

/**
 * Declares that Keycloak refuses a permission to a confidential client that authenticates with another method.
 *
 * @param scope the client scope of the permission, as a reference
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client_policies
 */
export function requireMethods(
  owner: Construct,
  id: string,
  permission: string,
  scope: string,
  methods: readonly AuthenticationMethod[],
  realm: PolicyRealm,
): void {
  const allowed = methods.map((method) => clientAuthenticators[method]);
  addClientPolicy(
    owner,
    id,
    {
      name: `authentication-${permission}`,
      conditions: [
        confidentialClients,
        {
          name: "client-scopes",
          configuration: { scopes: `["${scope}"]`, type: "Any" },
        },
      ],
      executor: {
        name: "secure-client-authenticator",
        configuration: {
          "allowed-client-authenticators": JSON.stringify(allowed),
          "default-client-authenticator": allowed[0] ?? "",
        },
      },
    },
    realm,
  );
}

/** Declares the policies of a realm's settings; none for settings that are not set. */
export function addRealmPolicies(
  stack: Construct & PolicyRealm,
  { allowedJwksHosts = [], rotationOverlap }: AuthenticationSettings,
): void {
  if (allowedJwksHosts.length > 0) {
    addClientPolicy(
      stack,
      "key-hosts",
      {
        name: "key-hosts",
        conditions: [confidentialClients],
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
        conditions: [confidentialClients],
        executor: {
          name: "secret-rotation",
          configuration: {
            "expiration-period": String(veryLong),
            "rotated-expiration-period": String(rotationOverlap),
            "remaining-rotation-period": "1",
          },
        },
      },
      stack,
    );
  }
}

/** Regular expression of the addresses of a host. */
function pattern(host: string): string {
  return `^https://${host.replaceAll(".", String.raw`\.`)}/.*$`;
}
