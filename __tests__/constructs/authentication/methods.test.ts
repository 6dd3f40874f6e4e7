import { expect, test } from "@jest/globals";
import type { Authentication } from "../../../constructs/authentication/authentication.ts";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { CustomerClient, type CustomerClientProps } from "../../../constructs/customer-client.ts";
import { only, realm } from "../atlas.ts";

const contact = "api@acme.example";

/** What the client of a customer has besides the settings that all customers share. */
function clientOf(props: Partial<CustomerClientProps>, secretPrefix?: string) {
  const stack = realm({ ...(secretPrefix !== undefined && { authentication: { secretPrefix } }) });
  new BackendClient(stack, "api", { permissions: [] });
  new CustomerClient(stack, "acme", { name: "Acme", contact, access: { api: [] }, ...props });
  return only(stack, "openid_client", { client_id: "acme" });
}

const jwk = { kty: "OKP", crv: "Ed25519", x: "AA", kid: "1", alg: "EdDSA", use: "sig" } as const;

test.each<[Authentication, string, object]>([
  [{ method: "client_secret" }, "client-secret", {}],
  [
    { method: "private_key_jwt", jwksUrl: "https://keys.example.com/", algorithm: "PS256" },
    "client-jwt",
    {
      "use.jwks.url": "true",
      "jwks.url": "https://keys.example.com/",
      "token.endpoint.auth.signing.alg": "PS256",
    },
  ],
  [
    { method: "private_key_jwt", jwks: [jwk] },
    "client-jwt",
    { "use.jwks.string": "true", "jwks.string": JSON.stringify({ keys: [jwk] }) },
  ],
  [
    { method: "tls_client_auth", subjectDn: "CN=acme", caSubjectDn: "CN=ca" },
    "client-x509",
    {
      "x509.subjectdn": "CN=acme",
      "x509.allow.regex.pattern.comparison": "false",
      "x509.casubjectdn": "CN=ca",
      "tls.client.certificate.bound.access.tokens": "true",
    },
  ],
])(
  "the method of %j is the authenticator %s with its attributes only",
  (auth, type, attributes) => {
    const client = clientOf({ auth });
    expect(client.client_authenticator_type).toBe(type);
    expect(client.extra_config).toEqual({ contact, ...attributes });
  },
);

test("every method has its own secret, which nobody knows, so that none returns with a method", () => {
  const methods: Authentication[] = [
    { method: "client_secret" },
    { method: "private_key_jwt", jwks: [jwk] },
    { method: "tls_client_auth", subjectDn: "CN=acme" },
  ];
  const clients = methods.map((auth) => clientOf({ auth }, "atlas_live_"));
  expect(clients.map((client) => client.client_secret_wo_version)).toEqual([
    "1",
    "private_key_jwt",
    "tls_client_auth",
  ]);
  for (const client of clients)
    expect(client.client_secret_wo).toBe('atlas_live_${sha256("${uuid()}${uuid()}")}');
});

test("a lifespan and a binding of tokens are settings of the client", () => {
  expect(clientOf({ tokenLifespan: 60, tokenBinding: "dpop" })).toMatchObject({
    access_token_lifespan: "60",
    require_dpop_bound_tokens: true,
  });
  expect(clientOf({})).toMatchObject({ require_dpop_bound_tokens: false });
});
