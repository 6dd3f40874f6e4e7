import { expect, test } from "@jest/globals";
import { openScene, stage, visit } from "./support/frontend-scene.ts";
import { takeOutOfGroups } from "./support/people.ts";

const noRoleToCreate =
  "Your account has no role that may create orders. Ask the administrator of Atlas for one.";
const noRole = "Your account has no role in Atlas";

openScene("frontend-roles", { hasRoles: true });

/** The permissions that the page shows as granted. */
const granted = () =>
  visit.page
    .getByRole("list", { name: "Your permissions" })
    .getByRole("listitem")
    .filter({ hasNotText: "not permitted" })
    .locator("code")
    .allTextContents();

test("a manager and a clerk use one browser after each other, and each sees what their role permits", async () => {
  const manager = await stage.addUser("max", "Max", "Castellanos", "/managers");
  const clerk = await stage.addUser("clara", "Clara", "Okafor", "/clerks");
  await visit.signIn(stage.url, manager);
  await visit.placeOrder("Walnut desk", 1);
  expect(await granted()).toEqual(["orders:read", "orders:write"]);
  await visit.signOut();

  await visit.signIn(stage.url, clerk);
  await visit.page.getByText("Signed in as Clara Okafor").waitFor();
  await visit.heading("No orders yet").waitFor();
  await visit.page.getByText(noRoleToCreate).waitFor();
  expect(await visit.button("Create order").count()).toBe(0);
  expect(await visit.page.getByText("Walnut desk").count()).toBe(0);
  expect(await granted()).toEqual(["orders:read"]);
  expect(await visit.flaws()).toEqual([]);
  await visit.signOut();

  await visit.signIn(stage.url, manager);
  await visit.order("Walnut desk").waitFor();
  await visit.placeOrder("Task chair", 4);
});

test("a person without a role reads what to do, and the page sees at the next renewal that a group has changed", async () => {
  const { admin, realm } = stage;
  const nora = await stage.addUser("nora", "Nora", "Lindqvist");
  await visit.signIn(stage.url, nora);
  await visit.heading(noRole).waitFor();
  expect(await visit.heading("Your orders").count()).toBe(0);
  expect(await granted()).toEqual([]);
  expect(await visit.flaws()).toEqual([]);
  // it does not call the API, which would refuse
  expect(visit.addresses.filter((each) => each.endsWith("/orders"))).toEqual([]);

  const [managers] = await admin.groups.find({ realm, search: "managers", exact: true });
  await admin.users.addToGroup({ realm, id: nora.id, groupId: managers?.id ?? "" });
  await visit.heading("No orders yet").waitFor();
  await visit.placeOrder("Notebook", 2);

  await takeOutOfGroups(admin, realm, nora.id);
  await visit.heading(noRole).waitFor();
  expect(await visit.page.getByText("Notebook").count()).toBe(0);
});

test("the page explains a refusal of the API in the same words", async () => {
  const { admin, realm } = stage;
  const manager = await stage.addUser("mira", "Mira", "Sato", "/managers");
  const scopes = await admin.clientScopes.find({ realm });
  const id = scopes.find(({ name }) => name === "atlas-api-roles")?.id ?? "";
  const [mapper] = await admin.clientScopes.listProtocolMappers({ realm, id });
  const showInAccessToken = (shown: boolean) =>
    admin.clientScopes.updateProtocolMapper(
      { realm, id, mapperId: mapper?.id ?? "" },
      { ...mapper, config: { ...mapper?.config, "access.token.claim": String(shown) } },
    );
  // the page reads the ID token, and the API the access token
  await showInAccessToken(false);
  try {
    await visit.signIn(stage.url, manager);
    await visit.heading("You may not see orders").waitFor();
    await visit.page.getByText("Your account has no role that may see orders.").waitFor();
    await visit.page.getByLabel("Item").fill("Fountain pen");
    await visit.button("Create order").click();
    await visit.page.getByText(`Nothing was ordered. ${noRoleToCreate}`).waitFor();
    expect(await visit.flaws()).toEqual([]);
  } finally {
    await showInAccessToken(true);
  }
});
