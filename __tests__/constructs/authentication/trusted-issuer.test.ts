import { expect, test } from "@jest/globals";
import {
  githubActions,
  gitlabCi,
  TrustedIssuer,
  type TrustedIssuerProps,
} from "../../../constructs/authentication/trusted-issuer.ts";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../constructs/customer-client.ts";
import { counts, only, realm, resources, synthesized } from "../atlas.ts";

const kubernetes = {
  issuer: "https://cluster.example.com",
  jwksUrl: "https://cluster.example.com/keys",
};

test("a trusted issuer is an identity provider that nobody can sign in with and that cannot be destroyed", () => {
  const stack = realm();
  new TrustedIssuer(stack, "github", githubActions);
  expect(counts(stack).keycloak_oidc_identity_provider).toBe(1);
  expect(only(stack, "oidc_identity_provider", { alias: "github" })).toEqual({
    realm: "${keycloak_realm.realm.id}",
    alias: "github",
    issuer: "https://token.actions.githubusercontent.com",
    jwks_url: "https://token.actions.githubusercontent.com/.well-known/jwks",
    validate_signature: true,
    hide_on_login_page: true,
    link_only: true,
    client_id: "not-used",
    authorization_url: "https://token.actions.githubusercontent.com",
    token_url: "https://token.actions.githubusercontent.com",
    client_secret_wo: '${sha256("${uuid()}${uuid()}")}',
    client_secret_wo_version: "1",
    extra_config: { supportsClientAssertions: "true", supportsClientAssertionReuse: "false" },
    lifecycle: { prevent_destroy: true },
  });
});

test("tokens of an issuer may be reusable", () => {
  const stack = realm();
  new TrustedIssuer(stack, "cluster", { ...kubernetes, reusable: true });
  expect(only(stack, "oidc_identity_provider", { alias: "cluster" }).extra_config).toEqual({
    supportsClientAssertions: "true",
    supportsClientAssertionReuse: "true",
  });
});

test("a customer refers to its issuer, which the declaration has", () => {
  const stack = realm();
  new BackendClient(stack, "api", { permissions: [] });
  new TrustedIssuer(stack, "gitlab", gitlabCi);
  expect(stack.declaration.issuers).toEqual({ gitlab: "https://gitlab.com" });
  const auth = { method: "federated_jwt", issuer: "gitlab", subject: "project_path:a/b" } as const;
  const names = { name: "Acme", contact: "api@acme.example" };
  new CustomerClient(stack, "acme", { ...names, access: { api: [] }, auth });
  const [issuer] = Object.keys(resources(stack, "oidc_identity_provider"));
  expect(only(stack, "openid_client", { client_id: "acme" })).toMatchObject({
    client_authenticator_type: "federated-jwt",
    extra_config: {
      "jwt.credential.issuer": `\${keycloak_oidc_identity_provider.${issuer}.alias}`,
      "jwt.credential.sub": "project_path:a/b",
    },
  });
});

test.each<[string, string, TrustedIssuerProps, string]>([
  [
    "an issuer without https",
    "cluster",
    { ...kubernetes, issuer: "http://cluster.example.com" },
    'issuer: "http://cluster.example.com" does not use https; use https, or http on localhost only',
  ],
  [
    "an issuer without the address of its keys",
    "cluster",
    { issuer: kubernetes.issuer } as TrustedIssuerProps,
    "jwksUrl: is missing; write it in full, such as https://token.example.com",
  ],
  [
    "an address that is no text",
    "cluster",
    { ...kubernetes, issuer: 5 } as never,
    "issuer: is not a web address; write it in full, such as https://token.example.com",
  ],
  [
    "an issuer that is no address",
    "cluster",
    { ...kubernetes, issuer: "cluster" },
    'issuer: "cluster" is not a web address; write it in full, such as https://token.example.com',
  ],
  [
    "keys that are fetched without https",
    "cluster",
    { ...kubernetes, jwksUrl: "http://cluster.example.com/keys" },
    'jwksUrl: "http://cluster.example.com/keys" does not use https; use https, or http on localhost only',
  ],
  [
    "a template",
    "cluster",
    { ...kubernetes, jwksUrl: "https://${host}/keys" },
    'jwksUrl: the address "https://${host}/keys" contains "${", which Terraform would evaluate; remove it',
  ],
  [
    "a login",
    "cluster",
    { ...kubernetes, jwksUrl: "https://me:secret@cluster.example.com/keys" },
    "jwksUrl: contains a user name or password; remove them",
  ],
  [
    "a name that is no alias",
    "My Cluster",
    kubernetes,
    '"My Cluster" is not a name of an issuer; use lower-case letters, digits and -',
  ],
  [
    "the name of the pipeline's own issuer",
    "pipeline",
    kubernetes,
    `"pipeline" is the name of the pipeline's issuer; choose another name`,
  ],
])("refuses %s", (_, id, props, problem) => {
  const stack = realm();
  new TrustedIssuer(stack, id, props);
  expect(() => synthesized(stack)).toThrow(
    new Error(`atlas is not valid: 1 problem\n  atlas/${id}  ${problem}`),
  );
});

test("refuses the same issuer twice, because a token would belong to both", () => {
  const stack = realm();
  new TrustedIssuer(stack, "cluster", kubernetes);
  new TrustedIssuer(stack, "other", kubernetes);
  expect(() => synthesized(stack)).toThrow(
    'atlas/other  issuer: "https://cluster.example.com" is already trusted as "cluster"; remove one',
  );
});

test("refuses two issuers without an address, and does not call them the same", () => {
  const stack = realm();
  for (const id of ["cluster", "other"]) new TrustedIssuer(stack, id, {} as TrustedIssuerProps);
  expect(() => synthesized(stack)).toThrow("atlas is not valid: 4 problems");
});

test("refuses an issuer that is declared after the customers are checked", () => {
  const stack = realm();
  expect(stack.declaration.issuers).toBeUndefined();
  new TrustedIssuer(stack, "cluster", kubernetes);
  expect(() => synthesized(stack)).toThrow("is declared after the stack's declaration was read");
});
