import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { BackendStage } from "./support/backend-stage.ts";
import { withClaims, withKeyId } from "./support/forged-tokens.ts";
import { takeOutOfGroups } from "./support/people.ts";
import type { UserTokens } from "./support/sign-in.ts";
import { endToEnd } from "../support/end-to-end.ts";

const { root } = endToEnd();
const all = ["orders:read", "orders:write"];
const order = { item: "pencil", quantity: 1 };

describe("the backend, whose API has roles", () => {
  let stage: BackendStage;
  let people: Record<"clerk" | "manager" | "both" | "nobody" | "stockClerk", UserTokens>;

  beforeAll(async () => {
    stage = await BackendStage.open(root, "backend-roles", { hasRoles: true });
    people = {
      clerk: await stage.user("clerk", ["/clerks"]),
      manager: await stage.user("manager", ["/managers"]),
      both: await stage.user("both", ["/clerks", "/stock clerks"]),
      nobody: await stage.user("nobody"),
      stockClerk: await stage.user("stock-clerk", ["/stock clerks"]),
    };
  });
  afterAll(() => stage.close());

  /** What happens to a token: the statuses of reading and writing, and what is missing for each. */
  const tried = async (token: string) => {
    const results = [await stage.call("/orders", token), await stage.place(token, order)];
    return Promise.all(
      results.map(async (answer) => {
        const { missing } = (await answer.json()) as { missing?: string };
        return [answer.status, missing];
      }),
    );
  };
  const permissionsOf = (token: string) => {
    const { permissions } = decodeJwt<{ permissions?: readonly string[] }>(token);
    return permissions && [...permissions].sort();
  };

  test.each([
    ["clerk", ["orders:read"], [200, undefined], [403, "role"]],
    ["manager", all, [200, undefined], [201, undefined]],
    ["nobody", undefined, [403, "role"], [403, "role"]],
    ["stockClerk", ["stock:read"], [403, "role"], [403, "role"]],
    ["both", ["orders:read", "stock:read"], [200, undefined], [403, "role"]],
  ] as const)(
    "lists in the token of %s what the roles permit, and permits exactly that",
    async (name, permissions, reading, writing) => {
      const { access_token, id_token } = people[name];
      const { aud, scope } = decodeJwt(access_token);
      expect(aud).toEqual(expect.arrayContaining(["atlas-api"]));
      expect(String(scope).split(" ")).toEqual(expect.arrayContaining(all));
      expect(permissionsOf(access_token)).toEqual(permissions);
      expect(permissionsOf(id_token)).toEqual(permissions);
      expect(await tried(access_token)).toEqual([reading, writing]);
    },
  );

  test("names the missing role in its refusal, but no scope to ask for", async () => {
    const answer = await stage.call("/orders", people.nobody.access_token);
    expect(answer.status).toBe(403);
    expect(answer.headers.get("www-authenticate")).toBe(
      `Bearer realm="atlas-api", error="insufficient_scope", error_description="no role of the user grants orders:read", ${stage.metadataParameter}`,
    );
    expect(await answer.json()).toEqual({
      type: "about:blank",
      title: "Forbidden",
      status: 403,
      detail: "No role of the user grants orders:read.",
      missing: "role",
    });
  });

  test("permits customers what their scope says, without any role", async () => {
    const [acme, reader] = [await stage.customer("acme"), await stage.customer("reader")];
    for (const token of [acme, reader]) expect(decodeJwt(token)).not.toHaveProperty("permissions");
    expect(await tried(acme)).toEqual([
      [200, undefined],
      [201, undefined],
    ]);
    expect(await tried(reader)).toEqual([
      [200, undefined],
      [403, "scope"],
    ]);
  });

  test("refuses a token of a clerk to which someone has added permissions", async () => {
    const real = people.clerk.access_token;
    const altered = withClaims({ permissions: all }, real);
    const { kid = "" } = decodeProtectedHeader(real);
    for (const token of [altered, await withKeyId(kid, altered)]) {
      expect(permissionsOf(token)).toEqual(all);
      expect((await stage.place(token, order)).status).toBe(401);
    }
  });

  test("ignores the claim in a customer's token, also if Keycloak has signed it", async () => {
    const { admin, realm } = stage;
    const [client] = await admin.clients.find({ realm, clientId: "reader" });
    const mapper = {
      name: "permissions",
      protocol: "openid-connect",
      protocolMapper: "oidc-hardcoded-claim-mapper",
      config: {
        "claim.name": "permissions",
        "claim.value": JSON.stringify(all),
        "jsonType.label": "JSON",
        "access.token.claim": "true",
      },
    };
    await admin.clients.addProtocolMapper({ realm, id: client?.id ?? "" }, mapper);
    const token = await stage.customer("reader");
    expect(permissionsOf(token)).toEqual(all);
    expect(await tried(token)).toEqual([
      [200, undefined],
      [403, "scope"],
    ]);
  });

  test("permits nothing any more from the next renewal on, after a user has left the group", async () => {
    const before = await stage.user("leaver", ["/managers"]);
    expect((await stage.place(before.access_token, order)).status).toBe(201);
    const { sub = "" } = decodeJwt(before.access_token);
    await takeOutOfGroups(stage.admin, stage.realm, sub);
    const after = await stage.renew(before);
    expect(decodeJwt(after.access_token)).not.toHaveProperty("permissions");
    expect(decodeJwt(after.id_token)).not.toHaveProperty("permissions");
    expect(await tried(after.access_token)).toEqual([
      [403, "role"],
      [403, "role"],
    ]);
  });
});
