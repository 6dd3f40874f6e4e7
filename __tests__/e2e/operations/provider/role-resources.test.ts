import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { GenericRoleMapper } from "@cdktf/provider-keycloak/lib/generic-role-mapper";
import { Group } from "@cdktf/provider-keycloak/lib/group";
import { GroupRoles } from "@cdktf/provider-keycloak/lib/group-roles";
import { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { OpenidClientScope } from "@cdktf/provider-keycloak/lib/openid-client-scope";
import { OpenidUserClientRoleProtocolMapper } from "@cdktf/provider-keycloak/lib/openid-user-client-role-protocol-mapper";
import { Role } from "@cdktf/provider-keycloak/lib/role";
import type { RealmStack } from "../../../../constructs/realm-stack.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { Workbench } from "../../support/projects/workbench.ts";

const permissions = { read: "orders:read", write: "orders/write" };

/** The roles of an API, a client scope with them, and two groups with the roles. */
function declare(stack: RealmStack, { mapsWrite = true, group = "office" } = {}): void {
  const { realmId } = stack;
  const api = { realmId, clientId: "orders", accessType: "BEARER-ONLY" };
  const clientId = new OpenidClient(stack, "api", api).id;
  const read = new Role(stack, "read", { realmId, clientId, name: permissions.read });
  const write = new Role(stack, "write", {
    realmId,
    clientId,
    name: permissions.write,
    compositeRoles: [],
  });
  const lead = new Role(stack, "lead", {
    realmId,
    clientId,
    name: "team/lead: clerk",
    description: "Leads",
    compositeRoles: [read.id, write.id],
    attributes: { team: "north##south" },
  });
  const staff = new Role(stack, "staff", { realmId, name: "staff" });

  const clientScopeId = new OpenidClientScope(stack, "scope", { realmId, name: "orders-roles" }).id;
  const map = (id: string, role: Role) =>
    new GenericRoleMapper(stack, id, { realmId, clientScopeId, roleId: role.id });
  map("map-read", read);
  if (mapsWrite) map("map-write", write);
  map("map-staff", staff);
  new OpenidUserClientRoleProtocolMapper(stack, "mapper", {
    realmId,
    clientScopeId,
    name: "permissions",
    claimName: "permissions",
    multivalued: true,
    addToUserinfo: false,
    clientIdForRoleMappings: "orders",
  });

  const attributes = { site: "north##south" };
  const office = new Group(stack, "office", { realmId, name: group, attributes });
  const leads = new Group(stack, "leads", { realmId, name: "leads", parentId: office.id });
  const groupRoles = (id: string, of: Group, roles: readonly Role[]) =>
    new GroupRoles(stack, id, { realmId, groupId: of.id, roleIds: roles.map((role) => role.id) });
  groupRoles("office-roles", office, [staff, read]);
  groupRoles("leads-roles", leads, [lead]);
}

describe.each(onProviders())("with the %s provider", (provider) => {
  const realm = `role-resources-${provider}`;
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.create(endToEnd().root, provider, realm);
  });
  afterAll(() => bench.clear());

  const deploy = (options?: Parameters<typeof declare>[1]) =>
    bench.deploy((stack) => {
      declare(stack, options);
    });

  /** What the tests need to find and change the resources by hand. */
  async function found() {
    const { admin } = bench;
    const [{ id: client = "" } = {}] = await admin.clients.find({ realm, clientId: "orders" });
    const roles = await admin.clients.listRoles({ realm, id: client });
    const roleNamed = (name: string) => {
      const role = roles.find((candidate) => candidate.name === name);
      return { ...role, id: role?.id ?? "", name };
    };
    const [{ id: group = "" } = {}] = await admin.groups.find({ realm });
    const scope =
      (await admin.clientScopes.findOneByName({ realm, name: "orders-roles" }))?.id ?? "";
    const mapped = { realm, id: scope, client };
    const lead = roleNamed("team/lead: clerk");
    return { client, roleNamed, lead, group, scope, mapped };
  }

  const names = (items: readonly { readonly name?: string }[]) =>
    items.map(({ name }) => name).sort();

  test("roles, scope mappings and groups are deployed, and then nothing differs", async () => {
    await deploy();
    expect(await bench.plan()).toEqual([]);
    const { admin } = bench;
    const { lead, mapped, group } = await found();
    const composites = await admin.roles.getCompositeRoles({ realm, id: lead.id });
    expect(names(composites)).toEqual(["orders/write", "orders:read"]);
    expect(await admin.roles.findOneById({ realm, id: lead.id })).toMatchObject({
      description: "Leads",
      attributes: { team: ["north", "south"] },
    });
    expect(names(await admin.clientScopes.listClientScopeMappings(mapped))).toEqual([
      "orders/write",
      "orders:read",
    ]);
    const [child] = await admin.groups.listSubGroups({ realm, parentId: group });
    expect(child?.path).toBe("/office/leads");
  });

  test("changes by hand are planned, and repaired", async () => {
    const { admin } = bench;
    const { lead, mapped, group, roleNamed, client } = await found();
    const write = roleNamed(permissions.write);
    await admin.roles.delCompositeRoles({ realm, id: lead.id }, [write]);
    await admin.clientScopes.delClientScopeMappings(mapped, [write]);
    await admin.groups.addClientRoleMappings({
      realm,
      id: group,
      clientUniqueId: client,
      roles: [write],
    });
    await admin.groups.update({ realm, id: group }, { name: "by-hand" });
    expect(await bench.apply()).toEqual([
      "create keycloak_generic_role_mapper.map-write",
      "update keycloak_group.office",
      "update keycloak_group_roles.office-roles",
      "update keycloak_role.lead",
    ]);
    expect(await bench.plan()).toEqual([]);
  });

  test("a role that lost its last composite by hand does not differ", async () => {
    const { admin } = bench;
    const { lead } = await found();
    const composites = await admin.roles.getCompositeRoles({ realm, id: lead.id });
    await admin.roles.delCompositeRoles({ realm, id: lead.id }, composites);
    expect(await bench.plan()).toEqual([]);
    await admin.roles.createComposite({ realm, roleId: lead.id }, composites);
  });

  test("a group is renamed in place", async () => {
    expect(await deploy({ group: "bureau" })).toEqual(["update keycloak_group.office"]);
    expect(await bench.plan()).toEqual([]);
  });

  test("a role without composites is imported with an update, unless composite_roles is empty explicitly", async () => {
    const { roleNamed } = await found();
    const ids = { read: roleNamed(permissions.read).id, write: roleNamed(permissions.write).id };
    for (const [name, id] of Object.entries(ids)) {
      await bench.terraform("state", "rm", `keycloak_role.${name}`);
      await bench.terraform("import", `keycloak_role.${name}`, `${realm}/${id}`);
    }
    expect(await bench.apply()).toEqual(["update keycloak_role.read"]);
    expect(await bench.plan()).toEqual([]);
  });

  test("each of them is imported by its id", async () => {
    const { scope, client, roleNamed, lead, group } = await found();
    const { admin } = bench;
    const staff = (await admin.roles.findOneByName({ realm, name: "staff" }))?.id ?? "";
    const [leads] = await admin.groups.listSubGroups({ realm, parentId: group });
    const mapping = `${realm}/client-scope/${scope}/scope-mappings`;
    const ids = {
      "keycloak_role.lead": `${realm}/${lead.id}`,
      "keycloak_generic_role_mapper.map-read": `${mapping}/${client}/${roleNamed(permissions.read).id}`,
      "keycloak_generic_role_mapper.map-staff": `${mapping}//${staff}`,
      "keycloak_openid_user_client_role_protocol_mapper.mapper": `${realm}/client-scope/${scope}/name/permissions`,
      "keycloak_group.leads": `${realm}/${leads?.id ?? ""}`,
      "keycloak_group_roles.office-roles": `${realm}/${group}`,
    };
    await bench.terraform("state", "rm", ...Object.keys(ids));
    for (const [address, id] of Object.entries(ids)) {
      const { exitCode, output } = await bench.terraform("import", address, id);
      expect([exitCode, output]).toEqual([0, expect.stringContaining("Import successful")]);
    }
    expect(await bench.plan()).toEqual([]);
  });

  test("the removal of a scope mapping removes the client's other mappings, too, until the next deploy", async () => {
    const changes = await deploy({ group: "bureau", mapsWrite: false });
    expect(changes).toEqual(["delete keycloak_generic_role_mapper.map-write"]);
    const { mapped } = await found();
    expect(await bench.admin.clientScopes.listClientScopeMappings(mapped)).toEqual([]);
    expect(await bench.apply()).toEqual(["create keycloak_generic_role_mapper.map-read"]);
    expect(await bench.plan()).toEqual([]);
  });

  test("all of them are deleted", async () => {
    await bench.deploy(() => undefined);
    expect(await bench.plan()).toEqual([]);
    expect(await bench.admin.groups.find({ realm })).toEqual([]);
    expect(await bench.admin.roles.findOneByName({ realm, name: "staff" })).toBeFalsy();
  });
});
