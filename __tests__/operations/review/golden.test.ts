import { describe, expect, test } from "@jest/globals";
import { markdown } from "../../../operations/review/render/markdown.ts";
import {
  type ReviewJson,
  reviewJsonSchema,
  toJson,
} from "../../../operations/review/render/json.ts";
import type { Side } from "../../../operations/review/compare/pairs.ts";
import type { Report } from "../../../operations/review/report.ts";
import { addressOf, type Declared, compared, five, planned, report, side } from "./sides.ts";

const base = side({});

const fiveWithout = (id: string) =>
  Object.fromEntries(Object.entries(five).filter(([each]) => each !== id));

const numbered = (count: number, props: NonNullable<Declared["customers"]>[string] = {}) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`c${String(index).padStart(5, "0")}`, props]),
  );

const realmAddress = addressOf(base, "keycloak_realm", {});
const acmeAddress = addressOf(base, "keycloak_openid_client", { client_id: "acme" });

const situations: readonly (readonly [name: string, found: () => Report])[] = [
  ["nothing-changes", () => report(base, side({}))],
  ["everything-is-new", () => report(undefined, base)],
  [
    "one-added",
    () =>
      report(
        base,
        side({
          customers: {
            ...five,
            soylent: { name: "Soylent", access: { "atlas-api": ["orders:write"] } },
          },
        }),
      ),
  ],
  ["one-suspended", () => report(base, side({ customers: { ...five, acme: { enabled: false } } }))],
  [
    "one-resumed",
    () =>
      report(base, side({ customers: { ...five, initech: { ...five.initech, enabled: true } } })),
  ],
  ["removed-after-suspension", () => report(base, side({ customers: fiveWithout("initech") }))],
  [
    "removed-without-suspension-refused",
    () => report(base, side({ customers: fiveWithout("umbrella") })),
  ],
  [
    "removed-without-suspension-allowed",
    () =>
      report(base, side({ customers: fiveWithout("umbrella") }), {
        allowed: { removals: ["umbrella"] },
      }),
  ],
  [
    "permission-gained-and-lost",
    () =>
      report(
        base,
        side({
          customers: {
            ...five,
            acme: { access: { "atlas-api": ["orders:read", "orders:write"] } },
            globex: { name: "Globex AG", access: { "atlas-api": ["orders:read"] } },
          },
        }),
      ),
  ],
  ["mass-removal-refused", () => massRemoval(0)],
  ["mass-removal-allowed", () => massRemoval(12)],
  ["no-customer-left-refused", () => report(base, side({ customers: {} }))],
  [
    "api-added",
    () =>
      report(
        base,
        side({
          apis: { "atlas-api": ["orders:read", "orders:write"], billing: ["invoices:read"] },
          customers: { ...five, acme: { access: { "atlas-api": ["orders:read"], billing: [] } } },
        }),
      ),
  ],
  [
    "api-loses-a-permission-refused",
    () =>
      report(
        base,
        side({
          apis: { "atlas-api": ["orders:read"] },
          customers: {
            ...five,
            globex: { ...five.globex, access: { "atlas-api": ["orders:read"] } },
          },
        }),
      ),
  ],
  [
    "realm-changed",
    () =>
      report(
        base,
        side({
          displayName: "Atlas 2",
          keycloak: { url: "https://id.example.com", basePath: "/auth" },
          redirectUris: ["https://app.example.com/", "https://new.example.com/"],
        }),
      ),
  ],
  ["customers-at-new-addresses-refused", () => report(base, side({ below: "clients" }))],
  ["drift-in-a-plan", drift],
  ["hostile-texts", hostile],
];

function massRemoval(allowed: number): Report {
  const suspended = { enabled: false };
  return report(
    side({ customers: { ...five, ...numbered(12, suspended) } }),
    side({ customers: five }),
    { allowed: { many: allowed } },
  );
}

function drift(): Report {
  const head = side({ customers: { ...five, acme: { name: "Acme Inc." } } });
  const acme = { client_id: "acme", access_type: "CONFIDENTIAL", service_accounts_enabled: true };
  const plan = [
    planned(
      acmeAddress,
      ["update"],
      { ...acme, name: "Acme Corp", full_scope_allowed: true, client_secret: "s3cret", id: "1" },
      { ...acme, name: "Acme Inc.", full_scope_allowed: false, client_secret: "other" },
      { after_unknown: { id: true }, before_sensitive: { client_secret: true } },
    ),
    planned(
      realmAddress,
      ["update"],
      {
        realm: "atlas",
        access_token_lifespan: "1h0m0s",
        smtp_server: [{ from: "a@b", password: "x" }],
      },
      { realm: "atlas", access_token_lifespan: "5m0s", smtp_server: [] },
    ),
    planned(addressOf(base, "keycloak_openid_client", { client_id: "hooli" }), ["create"], null, {
      ...acme,
      client_id: "hooli",
    }),
    planned("keycloak_openid_client.by-hand", ["delete"], { ...acme, client_id: "ghost" }, null),
  ];
  return report(base, head, { plan });
}

function hostile(): Report {
  const texts = [
    "a | b \\| c",
    "[click](https://evil.example) ![x](https://evil.example/x.png)",
    "<img src=x onerror=alert(1)> <!-- <details>",
    "@octocat #123 GH-1 org/repo#5 !7 :tada: ~label",
    '```mermaid ` `` end" ]:::x; click c0 href',
    "https://evil.example www.evil.example *b* _i_ ~~s~~ &lt; $`x`$ {{x}}",
    '"]; c9["<script>"] %% init #quot;',
  ];
  const customers = Object.fromEntries(texts.map((name, index) => [`h${index}`, { name }]));
  return report(base, withInvalidTexts(side({ customers: { ...five, ...customers } })));
}

/** Adds an id and texts that no file can contain: the review must be safe even if nothing validated them before. */
function withInvalidTexts(head: Side): Side {
  const { customers } = head.declaration;
  const evil = { ...customers.h0, name: "two\nlines\r\n| x |", contact: "<a@b.example>\n# x" };
  const id = 'x"]|`@bob\n\n# h';
  return {
    ...head,
    declaration: {
      ...head.declaration,
      customers: { ...customers, [id]: { ...evil, enabled: true, access: { "atlas-api": [] } } },
    },
  };
}

/** A declaration without resources. */
function withoutResources(customers: Side["declaration"]["customers"]): Side {
  return { ...base, resources: {}, declaration: { ...base.declaration, customers } };
}

describe("the review", () => {
  test.each(situations)("renders %s like its golden file", (name, found) => {
    const { text, golden } = compared(name, found());
    expect(text).toBe(golden);
  });

  test.each(situations)("prints %s as JSON that fits the documented schema", (_, found) => {
    const json = JSON.parse(JSON.stringify(toJson(found()))) as ReviewJson;
    expect(reviewJsonSchema.strict().parse(json)).toEqual(json);
  });

  test("shows no secret in drift", () => {
    const text = markdown(drift()) + JSON.stringify(toJson(drift()));
    expect(text).not.toMatch(/s3cret|"other"/);
  });

  test.each(["removed", "added", "changed"])(
    "fits into 60,000 characters with 10,000 customers %s",
    (what) => {
      const entry = (index: number, permissions: readonly string[]) => ({
        name: "|`".repeat(120),
        contact: `${"x".repeat(200)}@h${index}.example`,
        enabled: true,
        access: { "atlas-api": permissions },
      });
      const all = (permissions: readonly string[]) =>
        Object.fromEntries(
          Array.from({ length: 10_000 }, (_, index) => [
            `${"c".repeat(55)}${index}`,
            entry(index, permissions),
          ]),
        );
      const before = withoutResources(what === "added" ? {} : all([]));
      const after = withoutResources(what === "removed" ? {} : all(["orders:read"]));
      const text = markdown(report(before, after));
      expect(text.length).toBeLessThan(60_000);
      expect(text.length).toBeGreaterThan(10_000);
      expect(text.split("\n")[0]).toContain("10,000 customers");
      expect(text).toMatch(/and [\d,]+ more\./);
    },
  );

  test("fits into 60,000 characters with drift of 10,000 resources", () => {
    const plan = Array.from({ length: 10_000 }, (_, index) =>
      planned(
        `keycloak_openid_client.${"x".repeat(100)}${index}`,
        ["delete"],
        { client_id: `c${index}` },
        null,
      ),
    );
    const text = markdown(report(base, base, { plan }));
    expect(text.length).toBeLessThan(60_000);
    expect(text).toContain("10000 to destroy");
  });
});

test("the review does not depend on the order of the customers", () => {
  const reversed = Object.fromEntries(Object.entries(five).reverse());
  const head = side({ customers: { ...reversed, zeta: {}, alpha: {}, acme: { enabled: false } } });
  const other = side({ customers: { alpha: {}, ...five, acme: { enabled: false }, zeta: {} } });
  expect(markdown(report(base, head))).toBe(markdown(report(base, other)));
  expect(markdown(report(base, side({ customers: reversed })))).toBe(markdown(report(base, base)));
});
