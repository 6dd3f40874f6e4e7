import { describe, expect, test } from "@jest/globals";
import { markdown } from "../../../../operations/review/render/markdown.ts";
import { addressOf, report, side } from "../synthesized-sides.ts";
import { api, change, frontend, verdictOnPlan } from "./plans.ts";

describe("a plan that switches something off is refused like a removal", () => {
  const off = { enabled: false };
  const mapper = (values: object) => ({ name: "atlas-api-audience", ...values });
  test.each([
    ["a realm", "realm", { realm: "atlas", enabled: true }, off, "realm atlas"],
    ["an API", "openid_client", api("atlas-api"), off, "API atlas-api"],
    ["a frontend", "openid_client", frontend("web"), off, "frontend web"],
    [
      "a frontend without the flow for users",
      "openid_client",
      { ...frontend("web"), standard_flow_enabled: true },
      { standard_flow_enabled: false },
      "frontend web",
    ],
    [
      "a permission",
      "openid_client_scope",
      { name: "orders:read", include_in_token_scope: true },
      { include_in_token_scope: false },
      "scope orders:read",
    ],
    [
      "another audience",
      "openid_audience_protocol_mapper",
      mapper({ included_client_audience: "atlas-api" }),
      { included_client_audience: "other" },
      "scope atlas-api-audience",
    ],
    [
      "an audience that is not in access tokens",
      "openid_audience_protocol_mapper",
      mapper({ included_custom_audience: "x", add_to_access_token: true }),
      { add_to_access_token: false },
      "scope atlas-api-audience",
    ],
  ])("%s", (_, type, before, after, name) => {
    const resource = change(type, ["update"], before, { ...before, ...after });
    const line = `switched-off ${name} <- Allow-removal: ${name}`;
    expect(verdictOnPlan([resource])).toEqual({ refused: [line], overridden: [] });
    expect(verdictOnPlan([resource], `Allow-removal: ${name}`).refused).toEqual([]);
    const again = change(type, ["update"], { ...before, ...after }, before);
    expect(verdictOnPlan([again]).refused).toEqual(
      name.endsWith("audience") && "included_client_audience" in after ? [line] : [],
    );
  });

  test("an API and its audience at once, by the API's name", () => {
    const audience = mapper({ included_client_audience: "atlas-api" });
    const resources = [
      change("openid_client", ["update"], api("atlas-api"), { ...api("atlas-api"), ...off }),
      change("openid_audience_protocol_mapper", ["delete"], audience),
    ];
    expect(verdictOnPlan(resources).refused).toEqual([
      "switched-off API atlas-api <- Allow-removal: API atlas-api",
    ]);
  });
});

test("a change to the declaration that switches a realm off is refused", () => {
  const base = side({});
  const address = addressOf(base, "keycloak_realm", {});
  const realm = { ...base.resources[address], enabled: false };
  const head = { ...base, resources: { ...base.resources, [address]: realm } };
  expect(markdown(report(base, head))).toContain(
    "**switches off a realm, API, frontend, permission or audience**: `realm atlas`",
  );
});

describe("redirect URIs of a frontend", () => {
  const uris = (...list: readonly string[]) => side({ redirectUris: list });
  const refusals = (before: readonly string[], after: readonly string[]) =>
    report(uris(...before), uris(...after)).verdict.refused.map(
      ({ code, names }) => `${code} ${names.join(",")}`,
    );
  const [app, path] = ["https://app.example.com/", "https://app.example.com/callback"];

  test.each([
    ["https://other.example.com/"],
    ["https://app.example.com:8443/"],
    ["https://app.example.com.evil.example/"],
  ])("do not move to another host, such as %s", (uri) => {
    expect(refusals([app], [uri])).toEqual(["redirect frontend atlas-frontend"]);
    expect(refusals([app, path], [app, uri])).toEqual(["redirect frontend atlas-frontend"]);
  });

  test("may change their path, get another host in addition, and lose one", () => {
    expect(refusals([app], [path])).toEqual([]);
    expect(refusals([app], [app, "https://new.example.com/"])).toEqual([]);
    expect(refusals([app, "https://new.example.com/"], ["https://new.example.com/"])).toEqual([]);
  });

  test("may move if a trailer names the frontend", () => {
    const before = { ...frontend("web"), valid_redirect_uris: [app] };
    const after = { ...before, valid_redirect_uris: ["https://new.example.com/"] };
    const moved = change("openid_client", ["update"], before, after);
    const line = "redirect frontend web <- Allow-redirect: frontend web";
    expect(verdictOnPlan([moved]).refused).toEqual([line]);
    expect(verdictOnPlan([moved], "Allow-redirect: frontend web").overridden).toEqual([line]);
  });
});
