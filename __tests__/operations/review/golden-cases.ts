import type { Side } from "../../../operations/review/compare/resources/pairs.ts";
import { nothingAllowed } from "../../../operations/review/guard/allowed.ts";
import type { Report } from "../../../operations/review/report.ts";
import { credentialSituations } from "./credential-cases.ts";
import { peopleSituations } from "./people-cases.ts";
import { addressOf, type Declared, five, planned, report, side } from "./synthesized-sides.ts";

/** The declaration that the situations start from. */
export const base = side({});

const fiveWithout = (id: string) =>
  Object.fromEntries(Object.entries(five).filter(([each]) => each !== id));

const numbered = (count: number, props: NonNullable<Declared["customers"]>[string] = {}) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`c${String(index).padStart(5, "0")}`, props]),
  );

const realmAddress = addressOf(base, "keycloak_realm", {});
const acmeAddress = addressOf(base, "keycloak_openid_client", { client_id: "acme" });

/** The situations that have a golden file, by its name. */
export const situations: readonly (readonly [name: string, found: () => Report])[] = [
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
  [
    "name-mixes-scripts",
    () => report(base, side({ customers: { ...five, acne: { name: "\u0410cme Corp" } } })),
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
        trailers: new Map([["Allow-removal: umbrella", { commit: "5f0c1d2e3b", author: "Ann" }]]),
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
    "api-removed-refused",
    () =>
      report(
        side({
          apis: { "atlas-api": ["orders:read", "orders:write"], billing: ["invoices:read"] },
        }),
        side({}),
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
  ["secrets-renewed-refused", () => report(base, withSecretVersion("2"))],
  [
    "access-taken-from-many-refused",
    () => {
      const less = (id: string) => ({ ...five[id], access: { "atlas-api": [] } });
      const some = { acme: less("acme"), globex: less("globex"), hooli: less("hooli") };
      return report(base, side({ customers: { ...five, ...some } }));
    },
  ],
  ["drift-in-a-plan", drift],
  ["hostile-texts", hostile],
  ...credentialSituations,
  ...peopleSituations,
];

/** The declaration with another version of every secret. */
function withSecretVersion(version: string): Side {
  const resources = Object.entries(base.resources).map(([address, values]) => [
    address,
    "client_secret_wo_version" in values
      ? { ...values, client_secret_wo_version: version }
      : values,
  ]);
  return { ...base, resources: Object.fromEntries(resources) as Side["resources"] };
}

function massRemoval(allowed: number): Report {
  const suspended = { enabled: false };
  return report(
    side({ customers: { ...five, ...numbered(12, suspended) } }),
    side({ customers: five }),
    { allowed: { ...nothingAllowed, many: allowed } },
  );
}

/** The report of a plan that also undoes changes made by hand. */
export function drift(): Report {
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
  const address = addressOf(head, "keycloak_openid_client", { client_id: "h0" });
  const evil = {
    ...head.resources[address],
    client_id: 'x"]|`@bob\n\n# h',
    name: "two\nlines\r\n| x |",
    extra_config: { contact: "<a@b.example>\n# x" },
  };
  return { ...head, resources: { ...head.resources, "keycloak_openid_client.evil": evil } };
}
