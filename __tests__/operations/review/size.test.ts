import { describe, expect, test } from "@jest/globals";
import { markdown } from "../../../operations/review/render/markdown.ts";
import type { Side } from "../../../operations/review/compare/resources/pairs.ts";
import { planned, report } from "./synthesized-sides.ts";
import { base } from "./golden-cases.ts";

/** A declaration with these customers and nothing else. */
function onlyCustomers(
  customers: Readonly<Record<string, { name: string; contact: string; scopes: readonly string[] }>>,
): Side {
  const resources = Object.entries(customers).flatMap(([id, { name, contact, scopes }], index) => [
    [
      `keycloak_openid_client.c${index}`,
      { client_id: id, name, service_accounts_enabled: true, extra_config: { contact } },
    ],
    [
      `keycloak_openid_client_default_scopes.c${index}`,
      { client_id: `\${keycloak_openid_client.c${index}.id}`, default_scopes: scopes },
    ],
  ]);
  return { ...base, resources: Object.fromEntries(resources) as Side["resources"] };
}

describe("the review", () => {
  test.each(["removed", "added", "changed"])(
    "fits into 60,000 characters with 10,000 customers %s",
    (what) => {
      const entry = (index: number, permissions: readonly string[]) => ({
        name: "|`".repeat(120),
        contact: `${"x".repeat(200)}@h${index}.example`,
        scopes: ["atlas-api-audience", ...permissions],
      });
      const all = (permissions: readonly string[]) =>
        Object.fromEntries(
          Array.from({ length: 10_000 }, (_, index) => [
            `${"c".repeat(55)}${index}`,
            entry(index, permissions),
          ]),
        );
      const before = onlyCustomers(what === "added" ? {} : all([]));
      const after = onlyCustomers(what === "removed" ? {} : all(["orders:read"]));
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
