import { createRequire } from "node:module";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { customersJsonSchema } from "../../configuration/json-schema.ts";

interface Ajv {
  validate(schema: object, data: unknown): boolean;
}

interface CustomersSchema {
  readonly additionalProperties: {
    readonly properties: object;
    readonly allOf: readonly { readonly else: { readonly properties: object } }[];
  };
}

describe("the JSON Schema of a customers file", () => {
  // ESLint's validator: version 6, JSON Schema draft 7
  const AnyAjv = createRequire(import.meta.url)("ajv") as new (options: object) => Ajv;
  const schema = JSON.parse(
    customersJsonSchema({
      apis: { "atlas-api": ["orders:read", "orders:write"] },
      frontends: {},
      issuers: { github: "https://issuer.example" },
    }),
  ) as object;
  const accepts = (yaml: string) => new AnyAjv({ format: "full" }).validate(schema, parse(yaml));
  const acme = (fields: string) =>
    `customers: {acme: {name: Acme, contact: api@acme.example, access: {atlas-api: []}, ${fields}}}`;

  const tls = "auth: {method: tls_client_auth, subjectDn: CN=a}";
  const federated = "auth: {method: federated_jwt, issuer: github, subject: a}";
  const keys = (fields: string) => acme(`auth: {method: private_key_jwt, ${fields}}`);

  test.each([
    ...["customers: {}", acme(""), acme("enabled: false"), acme("").replace("Acme", "Ä")],
    ...[acme("auth: {method: client_secret}"), acme(tls), acme(federated)],
    keys("jwksUrl: 'https://keys.example.com/a'"),
    keys("jwks: {keys: [{kty: EC, crv: P-256, x: a, y: b}]}, algorithm: ES256"),
    ...[keys("publicKey: keys/acme.pem"), keys("publicKey: [old.pem, new.pem]")],
    acme("tokenBinding: dpop, tokenLifespan: 2m, expires: 2027-06-30, rotation: 2"),
    acme(`renamedFrom: old, handover: age1${"q".repeat(58)}`),
    acme("tokenBinding: dpop, auth: {method: private_key_jwt, publicKey: keys/acme.pem}"),
    ...["30s", "090s", "3600s", "1m", "60m", "1h"].map((time) => acme(`tokenLifespan: ${time}`)),
  ])("accepts %s", (yaml) => {
    expect(accepts(yaml)).toBe(true);
  });

  test.each([
    "{}",
    "customers:",
    "customers: []",
    "customers: {}\nother: 1",
    "customers: {acme: }",
    "customers: {acme: {}}",
    "customers: {acme: {name: Acme, contact: api@acme.example}}",
    acme("").replace("acme:", "Acme:"),
    acme("").replace("acme:", "1acme:"),
    acme("").replace("acme:", "acme-:"),
    acme("").replace("acme:", `${"a".repeat(64)}:`),
    acme("").replace("Acme", "5"),
    acme("").replace("Acme", "''"),
    acme("").replace("api@acme.example", "acme.example"),
    acme("").replace("atlas-api: []", ""),
    acme("").replace("atlas-api: []", "stock: []"),
    acme("").replace("[]", "[order:read]"),
    acme("").replace("[]", "[orders:read, orders:read]"),
    acme("").replace("[]", "orders:read"),
    acme("enabled: 'yes'"),
    acme("auth: {method: private_key_jwt}"),
    acme("tokenLifespan: 2 minutes"),
    acme("expires: 30.06.2027"),
    acme("owner: Acme"),
    acme("auth: {method: client_secret, jwksUrl: 'https://keys.example.com/'}"),
    ...[acme(`${tls}, tokenBinding: dpop`), acme(`${federated}, tokenBinding: dpop`)],
    ...[acme(`${tls}, rotation: 2`), acme(`${federated}, rotation: 2`)],
    acme("rotation: 2, auth: {method: private_key_jwt, publicKey: keys/acme.pem}"),
    acme(federated.replace("github", "gitlab")),
    ...[keys("algorithm: ES256"), keys("publicKey: a.pem, jwksUrl: 'https://keys.example.com/'")],
    ...[keys("publicKey: [a, b, c]"), keys("publicKey: a.pem, algorithm: HS256")],
    ...[keys("jwksUrl: 'http://keys.example.com/'"), keys("jwks: {keys: []}")],
    keys("jwks: {keys: [{kty: EC, crv: P-256, x: a, y: b, d: c}]}"),
    keys("jwks: {keys: [{kty: EC, crv: P-256, x: a, y: b}], algorithm: ES256}"),
    ...[acme("rotation: 0"), acme("rotation: 1.5"), acme("tokenBinding: mtls")],
    ...[acme("expires: 2027-13-01"), acme("renamedFrom: Old"), acme("handover: age1abc")],
    ...["29s", "3601s", "61m", "2h"].map((time) => acme(`tokenLifespan: ${time}`)),
    ...[keys("publicKey: keys/acme.pub"), keys("publicKey: [a.pem, b.der]")],
    ...["127.0.0.1", "[::1]", "localhost", "a.localhost", "keycloak", "a.example:8443"].map(
      (host) => keys(`jwksUrl: 'https://${host}/'`),
    ),
  ])("refuses %s", (yaml) => {
    expect(accepts(yaml)).toBe(false);
  });

  test("has fields of some methods in conditions only, because editors offer the others always", () => {
    const { customers } = (schema as { properties: Record<string, CustomersSchema> }).properties;
    const { properties, allOf } = customers?.additionalProperties ?? {};
    expect(properties).toMatchObject({ tokenBinding: true, rotation: true });
    expect(allOf?.map((each) => each.else.properties)).toEqual([
      { tokenBinding: expect.objectContaining({ const: "dpop" }) },
      { rotation: expect.objectContaining({ type: "integer" }) },
    ]);
  });
});
