import { createRequire } from "node:module";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { customersJsonSchema } from "../../configuration/json-schema.ts";

interface Ajv {
  validate(schema: object, data: unknown): boolean;
}

describe("the JSON Schema of a customers file", () => {
  // ESLint's validator: version 6, JSON Schema draft 7
  const AnyAjv = createRequire(import.meta.url)("ajv") as new (options: object) => Ajv;
  const schema = JSON.parse(
    customersJsonSchema({ apis: { "atlas-api": ["orders:read", "orders:write"] }, frontends: {} }),
  ) as object;
  const accepts = (yaml: string) => new AnyAjv({ format: "full" }).validate(schema, parse(yaml));
  const acme = (fields: string) =>
    `customers: {acme: {name: Acme, contact: api@acme.example, access: {atlas-api: []}, ${fields}}}`;

  test.each(["customers: {}", acme(""), acme("enabled: false"), acme("").replace("Acme", "Ä")])(
    "accepts %s",
    (yaml) => {
      expect(accepts(yaml)).toBe(true);
    },
  );

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
  ])("refuses %s", (yaml) => {
    expect(accepts(yaml)).toBe(false);
  });
});
