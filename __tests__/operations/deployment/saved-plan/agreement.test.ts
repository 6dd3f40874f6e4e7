import { describe, expect, test } from "@jest/globals";
import { agreementOf, beyond } from "../../../../operations/deployment/saved-plan/agreement.ts";
import type { Planned, ResourceChange } from "../../../../operations/terraform/plan.ts";

const address = "keycloak_openid_client.acme";
type Change = ResourceChange["change"];

const changeOf = (actions: readonly string[], more: Partial<Change>): Planned => ({
  changes: [
    {
      ...{ address, type: "keycloak_openid_client" },
      change: { actions, before: null, after: null, ...more },
    },
  ],
  adopted: [],
});
const values = { client_id: "acme", enabled: true, extra_config: { contact: "a@acme.example" } };
const created = changeOf(["create"], {
  after: values,
  after_unknown: { id: true, service_account_user_id: true },
});
const after = { ...values, id: "uuid-1", service_account_user_id: "uuid-2" };
const importing = { id: "atlas/uuid-1" };

/** What a plan does beyond another one that was agreed to. */
const beyondAgreed = (rest: Planned, agreed: Planned) => beyond(rest, agreementOf(agreed));

describe("what is left of an agreed creation", () => {
  test.each([
    ["the same creation", created],
    ["nothing", changeOf(["no-op"], { before: after, after })],
    ["an update of the resource that the creation left", changeOf(["update"], { after })],
    ["an import with an update", changeOf(["update"], { after, importing })],
    ["an import without an update", changeOf(["no-op"], { after, importing })],
    [
      "an import whose empty values Keycloak spells out",
      changeOf(["update"], { importing, after: { ...after, login_theme: "", web_origins: [] } }),
    ],
    [
      "an import with the secret that terraform reads",
      changeOf(["update"], {
        importing,
        after: { ...after, client_secret: "s3cret" },
        after_sensitive: { client_secret: true },
      }),
    ],
  ])("can be %s", (_, rest) => {
    expect(beyondAgreed(rest, created)).toEqual([]);
  });

  test.each([
    ["a deletion", changeOf(["delete"], { before: after }), "delete"],
    [
      "a replacement",
      changeOf(["delete", "create"], { before: after, after }),
      "delete and create",
    ],
    [
      "a creation with another value",
      changeOf(["create"], { after: { ...values, enabled: false } }),
      "create",
    ],
    [
      "an update to another value",
      changeOf(["update"], { after: { ...after, enabled: false } }),
      "update",
    ],
    [
      "an update of a client that somebody has suspended since",
      changeOf(["update"], { before: { ...after, enabled: false }, after }),
      "update",
    ],
    [
      "an update to another nested value",
      changeOf(["update"], { after: { ...after, extra_config: { contact: "eve@example.com" } } }),
      "update",
    ],
  ])("cannot be %s", (_, rest, action) => {
    expect(beyondAgreed(rest, created)).toEqual([`${action} ${address}`]);
  });
});

describe("what is left of an agreed update", () => {
  const updated = changeOf(["update"], { before: after, after: { ...after, enabled: false } });

  test("can be the same update", () => {
    expect(beyondAgreed(updated, updated)).toEqual([]);
  });

  test.each([
    ["a creation", changeOf(["create"], { after: { ...after, enabled: false } }), "create"],
    ["a deletion", changeOf(["delete"], { before: after }), "delete"],
    [
      "a replacement",
      changeOf(["delete", "create"], { after: { ...after, enabled: false } }),
      "delete and create",
    ],
    [
      "an import",
      changeOf(["update"], { importing, after: { ...after, enabled: false } }),
      "import and update",
    ],
  ])("cannot be %s", (_, rest, action) => {
    expect(beyondAgreed(rest, updated)).toEqual([`${action} ${address}`]);
  });
});

test("what is left of an agreed update changes nothing that somebody has changed since", () => {
  const name = (before: string) => ({
    before: { ...after, name: before },
    after: { ...after, name: "Acme Ltd" },
  });
  const renamed = changeOf(["update"], name("Acme Corp"));
  expect(beyondAgreed(changeOf(["update"], name("Acme")), renamed)).toEqual([]);
  const suspended = changeOf(["update"], {
    before: { ...after, name: "Acme Ltd", enabled: false },
    after: { ...after, name: "Acme Ltd" },
  });
  expect(beyondAgreed(suspended, renamed)).toEqual([`update ${address}`]);
});

describe("what is left of an agreed replacement", () => {
  const replaced = changeOf(["delete", "create"], { before: after, after: values });

  test("can be the replacement, or its creation", () => {
    expect(beyondAgreed(replaced, replaced)).toEqual([]);
    expect(beyondAgreed(changeOf(["create"], { after: values }), replaced)).toEqual([]);
  });

  test("cannot be a deletion", () => {
    expect(beyondAgreed(changeOf(["delete"], {}), replaced)).toEqual([`delete ${address}`]);
  });
});

test("what is left of an agreed deletion can be only that deletion", () => {
  const deleted = changeOf(["delete"], { before: after });
  expect(beyondAgreed(deleted, deleted)).toEqual([]);
  expect(beyondAgreed(changeOf(["update"], { after }), deleted)).toEqual([`update ${address}`]);
});

test("what is left of an agreed import cannot be the import of another object", () => {
  const imported = changeOf(["update"], { importing, after });
  expect(beyondAgreed(imported, imported)).toEqual([]);
  const other = changeOf(["update"], { importing: { id: "atlas/uuid-9" }, after });
  expect(beyondAgreed(other, imported)).toEqual([`import and update ${address}`]);
});

test("an address that was not in the agreed plan is beyond it", () => {
  expect(beyondAgreed(created, { changes: [], adopted: [] })).toEqual([`create ${address}`]);
});

test("the import of something that may be somebody else's is beyond a plan that did not name it", () => {
  const imported = changeOf(["update"], { importing, after });
  const adopted = [{ kind: "customer", name: "acme" }] as const;
  expect(beyondAgreed({ ...imported, adopted }, imported)).toEqual(["import customer acme"]);
  expect(beyondAgreed({ ...imported, adopted }, { ...imported, adopted })).toEqual([]);
});

test("an agreement contains no value of the plan", () => {
  const text = JSON.stringify(agreementOf(created));
  expect(text).toContain(address);
  expect(text).not.toContain("a@acme.example");
});
