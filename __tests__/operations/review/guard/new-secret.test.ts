import { describe, expect, test } from "@jest/globals";
import { nothingAllowed } from "../../../../operations/review/guard/allowed.ts";
import { guard } from "../../../../operations/review/guard/guard.ts";
import {
  combineLosses,
  lossesOfChange,
} from "../../../../operations/review/guard/losses/losses.ts";
import { pairSides, type Side } from "../../../../operations/review/compare/resources/pairs.ts";
import { markdown } from "../../../../operations/review/render/markdown.ts";
import { addressOf, limits, planned, report, side } from "../synthesized-sides.ts";
import {
  allowing,
  api,
  change,
  client,
  deleted,
  frontend,
  kept,
  lossesIn,
  verdictOn,
  verdictOnPlan,
} from "./plans.ts";

/** A customer as an entity. */
const customer = (name: string) => ({ kind: "customer", name }) as const;
const clientType = "keycloak_openid_client";
const base = side({});

/** A declaration in which a client has other arguments. */
function withArguments(id: string, values: object): Side {
  const address = addressOf(base, clientType, { client_id: id });
  const resources = { ...base.resources, [address]: { ...base.resources[address], ...values } };
  return { ...base, resources };
}

/** The refusals of a change to the declaration: code and names. */
function refusals(head: Side, before = base): string[] {
  return report(before, head).verdict.refused.map(
    ({ code, names }) => `${code} ${names.join(",")}`,
  );
}

describe("a change that gives a deployed client a new secret is refused", () => {
  test.each([
    ["another version of the secret", { client_secret_wo_version: "2" }],
    ["no version of the secret", { client_secret_wo_version: undefined }],
    ["a secret in the code", { client_secret: "s3cret" }],
    ["a new trigger", { client_secret_regenerate_when_changed: { month: "may" } }],
    ["another authenticator", { client_authenticator_type: "client-jwt" }],
    ["another access type", { access_type: "PUBLIC" }],
  ])("for %s, of a customer and of an API", (_, values) => {
    expect(refusals(withArguments("globex", values))[0]).toBe("new-secret globex");
    expect(refusals(withArguments("initech", values))[0]).toBe("new-secret initech");
    expect(refusals(withArguments("atlas-api", values))[0]).toBe("new-secret API atlas-api");
  });

  test("for a customer whose client id is renamed in place", () => {
    expect(refusals(withArguments("acme", { client_id: "x-acme" }))).toEqual(["new-secret acme"]);
  });

  test("for all customers whose addresses change", () => {
    expect(refusals(side({ below: "clients" }))).toEqual([
      "new-secret acme,globex,hooli,initech,umbrella",
    ]);
  });

  test("but not if one client moves to the address that another one leaves", () => {
    const [acme, globex] = ["acme", "globex"].map((id) =>
      addressOf(base, clientType, { client_id: id }),
    ) as [string, string];
    const next = `${clientType}.next`;
    const { [acme]: first = {}, [globex]: second = {}, ...others } = base.resources;
    const head = { ...base, resources: { ...others, [globex]: first, [next]: second } };
    const moved = [
      { from: globex, to: next },
      { from: acme, to: globex },
    ];
    const secrets = (side: Side) => refusals(side).filter((each) => each.startsWith("new-secret"));
    expect(secrets({ ...head, moved })).toEqual([]);
    expect(secrets(head)).toEqual(["new-secret globex"]);
  });

  test("but not for the settings that keep it", () => {
    const settings = { name: "Acme", client_secret_wo: "${other}", full_scope_allowed: true };
    expect(refusals(withArguments("acme", settings))).toEqual([]);
    expect(refusals(withArguments("acme", { client_authenticator_type: undefined }))).toEqual([]);
    expect(refusals(withArguments("atlas-frontend", { client_secret_wo_version: "2" }))).toEqual(
      [],
    );
  });
});

test("the review shows the version of a secret, and hides the secret itself", () => {
  const head = withArguments("acme", { client_secret_wo_version: "2", client_secret: "s3cret" });
  const text = markdown(report(base, head));
  expect(text).toContain("| `client_secret_wo_version` | `1` | `2` |");
  expect(text).toContain("| `client_secret` | – | `(hidden)` |");
  expect(text).not.toContain("s3cret");
  expect(text).toContain("**gets a new secret**: `acme`");
});

describe("a plan that gives a client a new secret", () => {
  const refusal = "new-secret acme <- Allow-new-secret: acme";

  test.each([[["delete", "create"]], [["create", "delete"]]])(
    "is refused for a client at the same address, by the actions %j",
    (actions) => {
      const resource = change("openid_client", actions, client("acme"), client("acme"));
      expect(verdictOnPlan([resource])).toEqual({ refused: [refusal], overridden: [] });
      expect(verdictOnPlan([resource], "Allow-new-secret: acme")).toEqual({
        refused: [],
        overridden: [refusal],
      });
      const wrong = ["Allow-new-secret: globex", "Allow-removal: acme", "Allow-replacement: acme"];
      expect(verdictOnPlan([resource], ...wrong).refused).toEqual([refusal]);
    },
  );

  test("is refused for a client at a new address, suspended or not", () => {
    for (const enabled of [true, false]) {
      const moved = [
        deleted("openid_client", client("acme", { enabled })),
        change("openid_client", ["create"], null, client("acme", { enabled })),
      ];
      expect(verdictOnPlan(moved).refused).toEqual([refusal]);
    }
  });

  test("is refused for a changed version, one line for all of its clients", () => {
    const renewed = (before: object, version: string) =>
      change("openid_client", ["update"], before, { ...before, client_secret_wo_version: version });
    const resources = [
      renewed(client("acme", { client_secret_wo_version: "1" }), "2"),
      renewed(client("globex"), "1"),
      renewed(api("atlas-api"), "2"),
      renewed(frontend("web"), "2"),
    ];
    expect(verdictOnPlan(resources).refused).toEqual([
      "new-secret API atlas-api,acme,globex <- Allow-new-secret: API atlas-api, acme, globex",
    ]);
    expect(
      verdictOnPlan(resources, "Allow-new-secret: globex,acme,  api atlas-api").refused,
    ).toEqual([]);
  });

  test("is not refused for values that are known only after the apply", () => {
    const after = client("acme", { client_secret_wo_version: "1" });
    const before = { ...after, client_secret: "x" };
    const resource = change("openid_client", ["update"], before, after);
    const unknown = { ...resource.change, after_unknown: { client_secret: true } };
    expect(verdictOnPlan([{ ...resource, change: unknown }]).refused).toEqual([]);
  });

  test("is refused for an imported client only if it may be in use", () => {
    const importing = { importing: { id: "x" } };
    const imported = planned(
      `${clientType}.acme`,
      ["update"],
      client("acme"),
      client("acme", { client_secret_wo_version: "1" }),
      importing,
    );
    const losses = (ids: readonly string[]) =>
      lossesIn({ changes: [...kept, imported], adopted: ids.map(customer) });
    expect(verdictOn(losses([])).refused).toEqual([]);
    expect(verdictOn(losses(["acme", "globex"]), allowing("Allow-new-secret: globex"))).toEqual({
      refused: [refusal],
      overridden: ["new-secret globex <- Allow-new-secret: globex"],
    });
  });

  test("is refused for an imported client although a trailer covers a change of its secret", () => {
    const head = withArguments("acme", { client_secret_wo_version: "2" });
    const losses = combineLosses(
      lossesOfChange(pairSides(base, head)),
      lossesIn({ changes: kept, adopted: [customer("acme")] }),
    );
    const trailers = new Map([["Allow-new-secret: acme", { commit: "1a2b3c4", author: "Ann" }]]);
    const verdict = guard(losses, { limits, allowed: nothingAllowed, trailers });
    expect(verdict.refused.map(({ code }) => code)).toEqual(["new-secret"]);
  });
});
