import { expect, test } from "@jest/globals";
import { guard } from "../../../../operations/review/guard/guard.ts";
import { lossesOfPlan } from "../../../../operations/review/guard/plan-losses.ts";
import { refusalText } from "../../../../operations/review/render/refusal.ts";
import { limits, nothingAllowed } from "../synthesized-sides.ts";
import { client, deleted, kept } from "./plans.ts";

test("the text of a refusal has the exact trailers and options, quoted for a shell", () => {
  const resources = [
    deleted("openid_client", client("acme")),
    deleted("openid_client_scope", { name: "it's" }),
  ];
  const changes = [...kept, ...resources];
  const verdict = guard(lossesOfPlan({ changes, adopted: [] }), limits, nothingAllowed);
  expect(refusalText(verdict)).toBe(
    [
      "refused by 2 guard rails",
      '  deletes a realm, API, frontend or scope: "scope it\'s"',
      "    keep its declaration; if it is intended, add this trailer to a commit, or this option:",
      "      Allow-removal: scope it's   --allow-removal 'scope it'\\''s'",
      '  deletes customers that are not suspended: "acme"',
      "    suspend first (enabled: false), deploy that, then remove; if it is intended, add this trailer to a commit, or this option:",
      "      Allow-removal: acme   --allow-removal acme",
    ].join("\n"),
  );
});
