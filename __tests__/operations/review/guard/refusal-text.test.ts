import { expect, test } from "@jest/globals";
import { nothingAllowed } from "../../../../operations/review/guard/allowed.ts";
import { guard } from "../../../../operations/review/guard/guard.ts";
import { refusalText } from "../../../../operations/review/render/refusal.ts";
import type { ResourceChange } from "../../../../operations/terraform/plan.ts";
import { limits } from "../synthesized-sides.ts";
import { change, client, deleted, kept, lossesIn } from "./plans.ts";

/** The refusal of a plan for a terminal, by lines. */
function refusal(changes: readonly ResourceChange[]): string[] {
  const losses = lossesIn({ changes: [...kept, ...changes], adopted: [] });
  return refusalText(guard(losses, { limits, allowed: nothingAllowed })).split("\n");
}

test("the text of a refusal has the exact trailers and options, quoted for a shell", () => {
  const resources = [
    deleted("openid_client", client("acme")),
    deleted("openid_client", client("globex")),
    deleted("openid_client_scope", { name: "it's" }),
  ];
  expect(refusal(resources)).toEqual([
    "refused by 2 guard rails",
    '  deletes a realm, API, frontend, scope, list of scopes or another resource: "scope it\'s"',
    "    keep its declaration, its name and its address; if it is intended, add this trailer to the commit that does it, or this option:",
    "      Allow-removal: scope it's   --allow-removal 'scope it'\\''s'",
    '  deletes customers that are not suspended: "acme", "globex"',
    "    suspend first (enabled: false), deploy that, then remove; if it is intended, add this trailer to the commit that does it, or this option:",
    "      Allow-removal: acme, globex   --allow-removal 'acme, globex'",
  ]);
});

test("the text of a refusal lists what happens to many customers, a line for each kind of loss", () => {
  const updated = (id: string, after: object) =>
    change("openid_client", ["update"], client(id), client(id, after));
  const withList = (id: string, scopes: readonly string[]) => [
    change("openid_client", ["no-op"], client(id, { id }), client(id, { id })),
    change(
      "openid_client_default_scopes",
      ["update"],
      { client_id: id, default_scopes: ["basic", "service_account", "x-audience", "x:read"] },
      { client_id: id, default_scopes: scopes },
    ),
  ];
  const resources = [
    deleted("openid_client", client("gone", { enabled: false })),
    updated("off", { enabled: false }),
    updated("tokenless", { service_accounts_enabled: false }),
    ...withList("permission", ["basic", "service_account", "x-audience"]),
    ...withList("api", ["basic", "service_account", "x:read"]),
    ...withList("everything", []),
    ...withList("built-in", ["x-audience", "x:read"]),
  ];
  expect(refusal(resources)).toEqual([
    "refused by 1 guard rail",
    "  affects 6 of 47 customers at once, more than 5",
    '    removes: "gone"',
    '    suspends: "off", "tokenless"',
    '    takes access from: "api", "everything", "permission"',
    "    do it in smaller steps; if it is intended, add this trailer to the commit that does it, or this option:",
    "      Allow-many: 6   --allow-many 6",
  ]);
});

test("the text of a refusal escapes names from Keycloak", () => {
  const hostile = deleted("openid_client_scope", { name: "x\u001b[2J\n::error::forged" });
  const lines = refusal([hostile]);
  expect(lines).toHaveLength(4);
  expect(lines.join("\n")).not.toContain("\u001b");
  expect(lines[3]).toBe(
    "      Allow-removal: scope x\\u001b[2J\\u000a::error::forged   --allow-removal 'scope x\\u001b[2J\\u000a::error::forged'",
  );
});

test("the text of 10,000 refused removals has one trailer with 50 names and their number", () => {
  const removed = Array.from({ length: 10_000 }, (_, index) =>
    deleted("openid_client", client(`c${String(index).padStart(4, "0")}`)),
  );
  const lines = refusal(removed);
  const trailers = lines.filter((line) => line.includes("Allow-removal"));
  expect(trailers).toHaveLength(1);
  expect(trailers[0]).toMatch(
    /^ {6}Allow-removal: c0000, c0001, .*, c0049, … \(10,000 names; npm run review -- --base <ref> --plan --json lists them all\)$/,
  );
  expect(lines.join("\n").length).toBeLessThan(3_000);
});
