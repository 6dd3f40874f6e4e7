import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt, type JWTPayload } from "jose";
import { BackendClient } from "../../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../../constructs/customer-client.ts";
import type { RolePermissions } from "../../../../constructs/declaration.ts";
import { FrontendClient } from "../../../../constructs/frontend-client.ts";
import { GroupRoles } from "../../../../constructs/group-roles.ts";
import type { RealmStack } from "../../../../constructs/realm-stack.ts";
import { verifyRoles } from "../../../../local/verify-roles.ts";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import { deployedClient } from "../../../../operations/keycloak/customers/customer-clients.ts";
import { requestToken } from "../../../../operations/keycloak/token.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { Workbench } from "../../support/projects/workbench.ts";

const lead = "team/lead: all";
const orders = ["orders:read", "orders/write"];
const apis: Readonly<Record<string, RolePermissions>> = {
  "orders-api": { clerk: ["orders:read"], [lead]: orders },
  "billing-api": { clerk: ["invoices:read"], auditor: ["invoices:read"] },
};

interface Declared {
  readonly permissions?: readonly string[];
  readonly roles?: Readonly<Record<string, RolePermissions>>;
  readonly groups?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Two APIs, a frontend that calls both, and a customer of the first. */
function declare(
  stack: RealmStack,
  { permissions = orders, roles = {}, groups: declared = {} }: Declared = {},
): void {
  const access = { "orders-api": permissions, "billing-api": ["invoices:read"] };
  for (const [api, names] of Object.entries(access))
    new BackendClient(stack, api, { permissions: names, ...(roles[api] && { roles: roles[api] }) });
  new FrontendClient(stack, "frontend", {
    redirectUris: ["https://app.example.com/"],
    access,
  });
  for (const [group, ofGroup] of Object.entries(declared))
    new GroupRoles(stack, group.slice(1).replaceAll("/", "-"), { group, access: ofGroup });
  new CustomerClient(stack, "acme", {
    ...{ name: "Acme", contact: "api@acme.example", access: { "orders-api": permissions } },
  });
}

const groups = {
  "/office": {},
  "/office/clerks": { "orders-api": ["clerk"] },
  "/leads": { "orders-api": [lead], "billing-api": ["clerk"] },
};

describe.each(onProviders())("roles of people, on the %s provider", (provider) => {
  const realm = `people-${provider}`;
  let bench: Workbench;
  let customerBefore: string;

  beforeAll(async () => {
    bench = await Workbench.create(endToEnd().root, provider, realm);
    await deploy();
    customerBefore = await customerClaims();
    await deploy({ roles: apis, groups });
  });
  afterAll(() => bench.clear());

  const deploy = (declared?: Declared) =>
    bench.deploy((stack) => {
      declare(stack, declared);
    });

  /** The claims of a customer's token, except those that differ from token to token. */
  const customerClaims = async () => {
    const client = await deployedClient(bench.admin, realm, "acme");
    const clientSecret = client?.secret ?? "";
    const answer = await requestToken({ issuer: bench.issuer, clientId: "acme", clientSecret });
    const claims: JWTPayload = "token" in answer ? decodeJwt(answer.token) : {};
    return JSON.stringify({ ...claims, exp: 0, iat: 0, jti: "" });
  };

  const clientId = async (name: string) => (await findClient(bench.admin, realm, name))?.id ?? "";

  const roleOf = async (client: string, name: string) => {
    const roles = await bench.admin.clients.listRoles({ realm, id: await clientId(client) });
    const { id = "" } = roles.find((role) => role.name === name) ?? {};
    return { id, name };
  };

  const groupAt = async (path: string) => {
    const found = await bench.admin.groups.find({ realm, search: path.split("/").at(-1) ?? "" });
    const all = found.flatMap((group) => [group, ...(group.subGroups ?? [])]);
    return all.find((group) => group.path === path)?.id ?? "";
  };

  /** The claims of a new person's access token. */
  const tokenOf = async (
    username: string,
    { inGroup, roles = {} }: { inGroup?: string; roles?: Readonly<Record<string, string>> },
  ) => {
    const { users, clients } = bench.admin;
    const { id } = await users.create({ realm, username, enabled: true });
    if (inGroup !== undefined)
      await users.addToGroup({ realm, id, groupId: await groupAt(inGroup) });
    for (const [client, role] of Object.entries(roles)) {
      const clientUniqueId = await clientId(client);
      const mapping = { realm, id, clientUniqueId, roles: [await roleOf(client, role)] };
      await users.addClientRoleMappings(mapping);
    }
    const request = { realm, id: await clientId("frontend"), scope: "openid", audience: "" };
    return () => clients.evaluateGenerateAccessToken({ ...request, userId: id });
  };

  test("the next plan is empty, for an administrator and for the deployer", async () => {
    expect(await bench.plan()).toEqual([]);
    await bench.deployAsDeployer({ hasGroups: true });
    expect(await bench.plan()).toEqual([]);
  });

  test("the deployer may read groups, and no user and no member of a group", async () => {
    const login = await bench.deployerClient();
    const id = await groupAt("/leads");
    expect((await login.groups.findOne({ realm, id }))?.name).toBe("leads");
    await expect(login.groups.listMembers({ realm, id })).rejects.toThrow("403");
    await expect(login.users.find({ realm })).rejects.toThrow("403");
  });

  test("a member of a group may do what the group's roles permit, at each API", async () => {
    const clerk = await tokenOf("clerk", { inGroup: "/office/clerks" });
    expect((await clerk()).permissions).toEqual(["orders:read"]);
    const both = await tokenOf("lead", { inGroup: "/leads" });
    expect(new Set((await both()).permissions as string[])).toEqual(
      new Set([...orders, "invoices:read"]),
    );
  });

  test("a person without a role has the audiences and scopes of the frontend, and no permission", async () => {
    const token = await (await tokenOf("nobody", {}))();
    expect(token).not.toHaveProperty("permissions");
    expect(token.aud).toEqual(expect.arrayContaining(["orders-api", "billing-api"]));
    expect(String(token.scope).split(" ")).toEqual(expect.arrayContaining(orders));
  });

  test("a role of one API gives nothing at another one that has a role of the same name", async () => {
    const token = await tokenOf("billing-clerk", { roles: { "billing-api": "clerk" } });
    expect((await token()).permissions).toEqual(["invoices:read"]);
  });

  test("an administrator's roles appear in no token of a frontend", async () => {
    const token = await tokenOf("boss", {
      roles: { "realm-management": "realm-admin", "orders-api": "clerk" },
    });
    const claims = await token();
    expect(claims.permissions).toEqual(["orders:read"]);
    expect(JSON.stringify(claims)).not.toMatch(/realm-admin|manage-users|resource_access/);
  });

  test("a customer's token has the same claims as without roles", async () => {
    expect(await customerClaims()).toBe(customerBefore);
    expect(customerBefore).toContain("orders:read");
  });

  test("every role is verified by a user that is gone afterwards", async () => {
    const frontends = { frontend: { "orders-api": [] } };
    const verified = await verifyRoles(bench.admin, { realm, roles: apis, frontends });
    expect(verified.map(({ role, problems }) => [role, problems])).toEqual([
      ["clerk", []],
      [lead, []],
      [undefined, []],
    ]);
    expect(await bench.admin.users.find({ realm, search: "temporary" })).toEqual([]);
  });

  describe("what somebody changes by hand is planned, and repaired by the deployer", () => {
    beforeAll(() => bench.deployAsDeployer({ hasGroups: true }));

    /** The changes of two plans: one that is applied, and the next one. */
    const twoPlans = async () => [...(await bench.apply()), "then:", ...(await bench.plan())];

    test("a role that has lost a permission", async () => {
      const { id } = await roleOf("orders-api", lead);
      const write = await roleOf("orders-api", "orders/write");
      await bench.admin.roles.delCompositeRoles({ realm, id }, [write]);
      const frontends = { frontend: { "orders-api": [] } };
      const verified = await verifyRoles(bench.admin, { realm, roles: apis, frontends });
      expect(verified.flatMap(({ problems }) => problems)).toEqual([
        'permissions is "orders:read" and should be "orders/write orders:read"',
      ]);
      expect(await twoPlans()).toEqual([
        expect.stringMatching(/^update keycloak_role\.orders-api_roles_roleteam/),
        "then:",
      ]);
    });

    test("a permission that has become more than itself", async () => {
      const { id: roleId } = await roleOf("orders-api", "orders:read");
      const write = await roleOf("orders-api", "orders/write");
      await bench.admin.roles.createComposite({ realm, roleId }, [write]);
      expect(await twoPlans()).toEqual([
        expect.stringMatching(/^update keycloak_role\.orders-api_roles_permissionordersread/),
        "then:",
      ]);
    });

    test("roles that tokens no longer contain", async () => {
      const scopes = await bench.admin.clientScopes.find({ realm });
      const { id = "" } = scopes.find(({ name }) => name === "orders-api-roles") ?? {};
      const role = await roleOf("orders-api", "all-permissions");
      const client = await clientId("orders-api");
      await bench.admin.clientScopes.delClientScopeMappings({ realm, id, client }, [role]);
      expect(await twoPlans()).toEqual([
        expect.stringMatching(/^create keycloak_generic_role_mapper\.orders-api_roles_scope_/),
        "then:",
      ]);
    });
  });

  describe("an administrator", () => {
    beforeAll(() => bench.deployAs(bench.administrator));

    test("takes a role that somebody gave a group by hand away again", async () => {
      const [id, clientUniqueId] = [await groupAt("/office/clerks"), await clientId("orders-api")];
      const roles = [await roleOf("orders-api", lead)];
      await bench.admin.groups.addClientRoleMappings({ realm, id, clientUniqueId, roles });
      expect(await bench.apply()).toEqual([
        expect.stringMatching(/^update keycloak_group_roles\.office-clerks_roles_/),
      ]);
      expect(await bench.plan()).toEqual([]);
    });

    test("changes a role, and its members may do more with their next token", async () => {
      const token = await tokenOf("other-clerk", { inGroup: "/office/clerks" });
      const more = { ...apis, "orders-api": { clerk: orders, [lead]: orders } };
      expect(await deploy({ roles: more, groups })).toEqual([
        expect.stringMatching(/^update keycloak_role\.orders-api_roles_roleclerk_/),
      ]);
      expect(new Set((await token()).permissions as string[])).toEqual(new Set(orders));
    });

    test("removes a group, and its members lose its roles", async () => {
      const token = await tokenOf("last-clerk", { inGroup: "/office/clerks" });
      const { "/office": office, "/leads": leads } = groups;
      await deploy({ roles: apis, groups: { "/office": office, "/leads": leads } });
      expect(await token()).not.toHaveProperty("permissions");
      expect(await groupAt("/office/clerks")).toBe("");
    });

    test("removes a permission from an API, and people keep the others", async () => {
      const token = await tokenOf("last-lead", { inGroup: "/leads" });
      const fewer = { ...apis, "orders-api": { [lead]: ["orders:read"] } };
      const ofLeads = { "/leads": groups["/leads"] };
      await deploy({ permissions: ["orders:read"], roles: fewer, groups: ofLeads });
      expect(new Set((await token()).permissions as string[])).toEqual(
        new Set(["orders:read", "invoices:read"]),
      );
    });

    test("removes the roles of an API, and people keep those of others", async () => {
      const token = await tokenOf("former-lead", { inGroup: "/leads" });
      const roles = { "billing-api": apis["billing-api"] ?? {} };
      await deploy({ roles, groups: { "/leads": { "billing-api": ["clerk"] } } });
      expect((await token()).permissions).toEqual(["invoices:read"]);
    });
  });
});
