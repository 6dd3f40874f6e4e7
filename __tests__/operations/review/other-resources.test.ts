import { describe, expect, test } from "@jest/globals";
import { allowing } from "./guard/plans.ts";
import { markdown } from "../../../operations/review/render/markdown.ts";
import { refusalText } from "../../../operations/review/render/refusal.ts";
import { isSecretLike } from "../../../operations/review/compare/values.ts";
import type { Side } from "../../../operations/review/compare/resources/pairs.ts";
import type { Report } from "../../../operations/review/report.ts";
import { type Block, loadSchema } from "../../../packages/embedded-provider/src/protocol/schema.ts";
import { addressOf, planned, report, side } from "./synthesized-sides.ts";

type Resources = Side["resources"];

const construct = side({});
const realm = `\${${addressOf(construct, "keycloak_realm", { realm: "atlas" })}.id}`;

const role = { "keycloak_role.clerk": { realm_id: realm, name: "clerk", description: "Clerks" } };
const group = { "keycloak_group.staff": { realm_id: realm, name: "staff" } };
const provider = {
  "keycloak_oidc_identity_provider.partner": {
    realm: "atlas",
    alias: "partner",
    client_id: "atlas",
    client_secret: "s3cret-of-the-partner",
    extra_config: { clientSecretOfOld: "s3cret-of-old" },
  },
};
const saml = {
  "keycloak_saml_client.wiki": {
    realm_id: realm,
    client_id: "wiki",
    signing_private_key: "s3cret-key",
  },
};

/** The constructs with other resources next to them. */
const withOthers = (...others: readonly Resources[]): Side => ({
  ...construct,
  resources: Object.assign({}, construct.resources, ...others) as Resources,
});

const all = withOthers(role, group, provider, saml);
const addresses = [role, group, provider, saml].flatMap((each) => Object.keys(each)).sort();

const refused = ({ verdict }: Report) =>
  verdict.refused.map(({ code, names, trailer }) => [
    code,
    names,
    `${trailer.key}: ${trailer.value}`,
  ]);
const listed = ({ change }: Report) =>
  (change?.otherResources ?? []).map((each) => `${each.change} ${each.address}`).sort();

describe("roles, groups, identity providers and SAML clients next to the constructs", () => {
  test("are listed when they are added, without their secrets", () => {
    const found = report(construct, all);
    expect(listed(found)).toEqual(addresses.map((address) => `added ${address}`));
    expect(refused(found)).toEqual([]);
    const text = markdown(found);
    for (const value of ["clerk", "Clerks", "staff", "partner", "wiki"])
      expect(text).toContain(value);
    expect(text).not.toContain("s3cret");
    expect(JSON.stringify(found)).not.toContain("s3cret");
  });

  test("are listed with their changed arguments, without their secrets", () => {
    const changed = withOthers(
      { "keycloak_role.clerk": { ...role["keycloak_role.clerk"], description: "Office" } },
      group,
      {
        "keycloak_oidc_identity_provider.partner": {
          ...provider["keycloak_oidc_identity_provider.partner"],
          client_secret: "s3cret-of-today",
        },
      },
      saml,
    );
    const found = report(all, changed);
    expect(found.change?.settings).toMatchObject([
      { address: "keycloak_role.clerk", attribute: "description", from: "Clerks", to: "Office" },
      { attribute: "client_secret", from: "(hidden)", to: "(hidden)" },
    ]);
    expect(refused(found)).toEqual([]);
    expect(markdown(found)).not.toContain("s3cret");
  });

  test("are not removed without a trailer that names their addresses", () => {
    const found = report(all, construct);
    expect(listed(found)).toEqual(addresses.map((address) => `removed ${address}`));
    const trailer = `Allow-removal: ${addresses.join(", ")}`;
    expect(refused(found)).toEqual([["removal", addresses, trailer]]);
    expect(refusalText(found.verdict)).toContain(trailer);
    expect(refused(report(all, construct, { allowed: allowing(trailer) }))).toEqual([]);
  });

  test("are removed and added if one replaces another of the same type", () => {
    const other = { "keycloak_role.manager": { realm_id: realm, name: "manager" } };
    const found = report(withOthers(role), withOthers(other));
    expect(listed(found)).toEqual(["added keycloak_role.manager", "removed keycloak_role.clerk"]);
    expect(found.change?.settings).toEqual([]);
    expect(refused(found)).toMatchObject([["removal", ["keycloak_role.clerk"], expect.anything()]]);
  });

  test("stay if they only move to another address", () => {
    const { "keycloak_role.clerk": clerk } = role;
    const moved = [{ from: "keycloak_role.clerk", to: "keycloak_role.office" }];
    const head = { ...withOthers({ "keycloak_role.office": clerk }), moved };
    const found = report(withOthers(role), head);
    expect(listed(found)).toEqual([]);
    expect(refused(found)).toEqual([]);
  });
});

describe("a plan that changes other resources", () => {
  const [address] = Object.keys(provider);
  const values = { ...provider["keycloak_oidc_identity_provider.partner"], id: "partner" };
  const marks = {
    before_sensitive: { client_secret: true },
    after_sensitive: { client_secret: true },
  };
  const planOf = (actions: readonly string[], before: object | null, after: object | null) =>
    planned(address ?? "", actions, before && { ...before }, after && { ...after }, marks);

  test("reports drift without the secret", () => {
    const drifted = { ...values, client_secret: "s3cret-by-hand", alias: "by-hand" };
    const found = report(all, all, { plan: [planOf(["update"], drifted, values)] });
    expect(found.plan?.drift).toMatchObject([
      {
        address,
        action: "update",
        changes: [
          { attribute: "alias", from: "by-hand", to: "partner" },
          { attribute: "client_secret", from: "(hidden)", to: "(hidden)" },
        ],
      },
    ]);
    expect(markdown(found)).not.toContain("s3cret");
    expect(refused(found)).toEqual([]);
  });

  test("is refused if it destroys one, also if nothing declares it any more", () => {
    for (const sides of [all, construct]) {
      const found = report(sides, construct, { plan: [planOf(["delete"], values, null)] });
      expect(refused(found)).toEqual([
        ["removal", expect.arrayContaining([address]), expect.stringContaining(address ?? "?")],
      ]);
      expect(markdown(found)).not.toContain("s3cret");
    }
  });

  test("is refused if it recreates one at the same address", () => {
    const found = report(all, all, { plan: [planOf(["delete", "create"], values, values)] });
    expect(refused(found)).toEqual([["replacement", [address], `Allow-replacement: ${address}`]]);
  });
});

/** The names of all attributes that are marked as sensitive or write-only, with those of the blocks around them. */
function sensitiveNames({ attributes = {}, block_types = {} }: Block, path = ""): string[] {
  return [
    ...Object.entries(attributes)
      .filter(([, { sensitive, write_only }]) => sensitive === true || write_only === true)
      .map(([name]) => path + name),
    ...Object.entries(block_types).flatMap(([name, { block }]) =>
      sensitiveNames(block, `${path}${name}.`),
    ),
  ];
}

test("every value that the provider's schema marks as sensitive is hidden, whatever has it", () => {
  const { provider, resource_schemas } = loadSchema();
  const names = [provider, ...Object.values(resource_schemas)].flatMap(({ block }) =>
    sensitiveNames(block),
  );
  expect(names).toEqual(
    expect.arrayContaining(["client_secret", "jwt_signing_key", "initial_password.value"]),
  );
  expect(names.filter((name) => !isSecretLike(name))).toEqual([]);
});

test("a resource of a customer's client is removed with the customer", () => {
  const client = addressOf(construct, "keycloak_openid_client", { client_id: "initech" });
  const mapper = {
    "keycloak_generic_protocol_mapper.own": { client_id: `\${${client}.id}`, name: "own" },
  };
  const { acme, ...others } = { acme: {}, initech: { enabled: false } };
  const base = side({ customers: { acme, ...others } });
  const before = { ...base, resources: { ...base.resources, ...mapper } as Resources };
  expect(refused(report(before, side({ customers: { acme } })))).toEqual([]);
  const [address = ""] = Object.keys(mapper);
  expect(refused(report(before, base))).toEqual([
    ["removal", [address], `Allow-removal: ${address}`],
  ]);
});
