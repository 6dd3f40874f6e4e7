import { describe, expect, test } from "@jest/globals";
import { markdown } from "../../../operations/review/render/markdown.ts";
import type { Side } from "../../../operations/review/compare/pairs.ts";
import { planned, report } from "./synthesized-sides.ts";
import { base } from "./golden-cases.ts";

/** A declaration without resources. */
function withoutResources(customers: Side["declaration"]["customers"]): Side {
  return { ...base, resources: {}, declaration: { ...base.declaration, customers } };
}

describe("the review", () => {
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
