import { beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import type { Request } from "playwright-core";
import { openScene, stage, visit } from "./support/frontend-scene.ts";
import type { Person } from "./support/people.ts";
import { isRenewal } from "./support/visit.ts";

/** The folder to save the screenshots in. */
const { SCREENSHOTS } = process.env;

openScene("frontend", { signedOutPath: "/signed-out" });

const isListing = (request: Request) =>
  request.method() === "GET" && request.url().endsWith("/orders");
const tokenOf = async (request: Request) =>
  (await request.headerValue("authorization"))?.replace(/^Bearer /, "") ?? "";

describe("a user", () => {
  let dana: Person;
  beforeAll(async () => {
    dana = await stage.addUser("dana", "Dana", "Demo");
  });

  test("signs in on Keycloak's page, orders, and signs out for good", async () => {
    const { page } = visit;
    await page.goto(stage.url);
    await visit.button("Sign in").waitFor();
    expect(await visit.flaws()).toEqual([]);
    await visit.button("Sign in").click();
    await page.getByLabel("Password", { exact: true }).waitFor();
    const { searchParams } = new URL(page.url());
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: "code",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      ui_locales: "en",
    });

    await visit.giveCredentials(dana);
    await page.getByText("Signed in as Dana Demo").waitFor();
    await visit.heading("No orders yet").waitFor();
    expect(await visit.flaws()).toEqual([]);

    await visit.placeOrder("Walnut desk, 160 cm", 1);
    await visit.placeOrder("Task chair", 4);
    await visit.placeOrder("Notebook, dotted", 25);
    await visit.placeOrder("Fountain pen", 3);
    expect(await visit.order("Fountain pen").getByRole("cell").first().textContent()).toBe("3");
    await page.getByRole("status").getByText("3 × Fountain pen ordered.").waitFor();
    const created = await visit.order("Fountain pen").locator("time").textContent();
    expect(created?.trim()).toMatch(/^[A-Z][a-z]{2} \d{1,2}, \d{4}/);
    expect(await visit.flaws()).toEqual([]);
    if (SCREENSHOTS) await visit.takeScreenshots(SCREENSHOTS);

    await page.reload();
    await visit.order("Fountain pen").waitFor();

    const { length: signInsBefore } = visit.signIns;
    await visit.signOut();
    expect(page.url()).toBe(`${stage.url}signed-out`);
    expect(visit.signIns).toHaveLength(signInsBefore);
    expect(await stage.admin.users.listSessions({ realm: stage.realm, id: dana.id })).toEqual([]);
    await page.goBack();
    await visit.button("Sign in").waitFor();
    expect(await page.getByText("Fountain pen").count()).toBe(0);
    await visit.button("Sign in").click();
    await page.getByLabel("Password", { exact: true }).waitFor();
    expect(visit.refusals).toEqual([]);
  });

  test("returns from a sign-in to the path that was opened", async () => {
    const { page } = visit;
    const deepLink = `${stage.url}orders/42?view=full#notes`;
    await page.goto(deepLink);
    await visit.button("Sign in").click();
    await visit.giveCredentials(dana);
    expect(page.url()).toBe(deepLink);
    await page.reload();
    await visit.heading("Orders").waitFor();
    expect(page.url()).toBe(deepLink);

    await visit.signOut();
    await visit.button("Sign in").click();
    await visit.giveCredentials(dana);
    expect(page.url()).toBe(stage.url);
  });

  test("signs out of all tabs", async () => {
    await visit.signIn(stage.url, dana);
    const other = await visit.openTab();
    await other.page.goto(stage.url);
    await other.order("Fountain pen").waitFor();
    await visit.signOut();
    await other.button("Sign in").waitFor();
    expect(await other.page.getByText("Fountain pen").count()).toBe(0);
  });

  test("has tokens only in the page's memory", async () => {
    await visit.page.goto(stage.url);
    await visit.button("Sign in").click();
    await visit.giveCredentials(dana);
    expect(await visit.leaks()).toEqual([]);
    await visit.page.waitForResponse((answer) => isRenewal(answer.request()));
    expect(await visit.leaks()).toEqual([]);
    await visit.page.reload();
    await visit.order("Fountain pen").waitFor();
    expect(await visit.leaks()).toEqual([]);
    await visit.button("Sign out").click();
    await visit.button("Sign in").waitFor();
    expect(await visit.leaks()).toEqual([]);
    expect(await visit.page.evaluate("Object.keys(localStorage)")).toEqual([]);
    // an access, a refresh and an ID token each time
    expect(new Set(visit.tokens).size).toBeGreaterThanOrEqual(9);
  });

  test("keeps working with a new token after the first one expires", async () => {
    const { page } = visit;
    const listing = page.waitForRequest(isListing);
    await visit.signIn(stage.url, dana);
    const before = decodeJwt(await tokenOf(await listing));
    const isExpired = () => Date.now() / 1_000 > (before.exp ?? Infinity);
    // the page renews the token without any input
    await page.waitForResponse((answer) => isRenewal(answer.request()) && isExpired());

    const [again] = await Promise.all([
      page.waitForRequest(isListing),
      visit.button("Refresh").click(),
    ]);
    const after = decodeJwt(await tokenOf(again));
    expect((await again.response())?.status()).toBe(200);
    expect(after.jti).not.toBe(before.jti);
    expect(after.exp).toBeGreaterThan(Date.now() / 1_000);
  });

  test("stays signed in in two tabs, although a refresh token works only once", async () => {
    await visit.signIn(stage.url, dana);
    const other = await visit.openTab();
    await other.page.goto(stage.url);
    await other.heading("Orders").waitFor();

    const renewals = [];
    for (let round = 0; round < 4; round += 1)
      renewals.push(...(await Promise.all([visit.renewal(), other.renewal()])));
    expect(renewals.map(({ status }) => status)).toEqual(renewals.map(() => 200));
    expect(new Set(renewals.map(({ used }) => used)).size).toBe(renewals.length);
    await visit.placeOrder("Filing cabinet", 1);
    await other.placeOrder("Coat stand", 1);

    // Somebody uses a stolen token: Keycloak refuses it and all tokens since, and the tabs get others.
    const recoveries = Promise.all([visit.silentSignIn(), other.silentSignIn()]);
    const used = await stage.useRefreshToken(renewals[0]?.used ?? "");
    expect(used).toEqual({ status: 400, error: "invalid_grant" });
    await recoveries;
    await visit.order("Coat stand").waitFor();
    await other.order("Coat stand").waitFor();
    const after = await Promise.all([visit.renewal(), other.renewal()]);
    expect(after.map(({ status }) => status)).toEqual([200, 200]);
  });

  test("gets other tokens if an answer with new ones is lost, and keeps what was typed", async () => {
    await visit.signIn(stage.url, dana);
    const recovery = visit.silentSignIn();
    await visit.loseAnswer("**/protocol/openid-connect/token");
    await visit.page.getByLabel("Item").fill("Umbrella stand");
    await recovery;
    await visit.heading("Orders").waitFor();
    expect(await visit.page.getByLabel("Item").inputValue()).toBe("Umbrella stand");
    const passwords = visit.addresses.filter((each) => each.includes("login-actions/authenticate"));
    expect(passwords).toHaveLength(1);
    expect((await visit.renewal()).status).toBe(200);
  });

  test("sends an order again if the answer is lost, and gets it once", async () => {
    await visit.signIn(stage.url, dana);
    await visit.order("Fountain pen").waitFor();
    await visit.loseAnswer("**/orders");
    await visit.page.getByLabel("Item").fill("Hat rack");
    await visit.button("Create order").click();
    await visit.page.getByRole("alert").getByText("It will not be ordered twice.").waitFor();
    await visit.button("Create order").click();
    await visit.order("Hat rack").waitFor();
    await visit.page.reload();
    await visit.order("Hat rack").waitFor();
    expect(await visit.order("Hat rack").count()).toBe(1);
  });

  test("sees that the session at Keycloak has ended, and signs in again", async () => {
    await visit.signIn(stage.url, dana);
    await stage.admin.users.logout({ realm: stage.realm, id: dana.id });
    const heading = visit.heading("Your session has expired");
    await heading.waitFor();
    expect(await visit.isFocused(heading)).toBe(true);
    expect(await visit.page.getByText("Fountain pen").count()).toBe(0);
    expect(await visit.flaws()).toEqual([]);
    await visit.button("Sign in again").click();
    await visit.giveCredentials(dana);
    await visit.order("Fountain pen").waitFor();
  });

  test("signs in and orders with the keyboard only", async () => {
    const { page } = visit;
    const { keyboard } = page;
    await page.goto(stage.url);
    await visit.button("Sign in").waitFor();
    await visit.tabTo(page.getByRole("link", { name: "Skip to content" }));
    await visit.tabTo(visit.button("Sign in"));
    await keyboard.press("Enter");
    await visit.tabTo(page.getByLabel("Username"));
    await keyboard.type(dana.username);
    await visit.tabTo(page.getByLabel("Password", { exact: true }));
    await keyboard.type(dana.password);
    await keyboard.press("Enter");
    await visit.heading("Orders").waitFor();
    expect(await visit.isFocused(visit.heading("Orders"))).toBe(true);

    await visit.tabTo(page.getByLabel("Item"));
    await keyboard.press("Enter");
    await page.getByText("Enter what you want to order.").waitFor();
    expect(await visit.isFocused(page.getByLabel("Item"))).toBe(true);
    expect(await visit.flaws()).toEqual([]);
    await keyboard.type("Task lamp");
    await visit.tabTo(page.getByLabel("Quantity"));
    await keyboard.type("2");
    await keyboard.press("Enter");
    await visit.order("Task lamp").waitFor();

    await visit.tabTo(visit.button("Refresh"));
    await keyboard.press("Enter");
    await visit.tabTo(visit.button("Sign out"));
    await keyboard.press("Enter");
    await visit.button("Sign in").waitFor();
  });

  test("reads what the page is waiting for", async () => {
    const { page } = visit;
    const releaseDiscovery = await visit.hold("**/.well-known/openid-configuration");
    await page.goto(stage.url);
    await visit.heading("Getting things ready").waitFor();
    expect(await visit.flaws()).toEqual([]);
    releaseDiscovery();
    const releaseOrders = await visit.hold("**/orders");
    await visit.button("Sign in").click();
    await visit.giveCredentials(dana);
    await page.getByRole("status").getByText("Loading your orders").waitFor();
    expect(await visit.flaws()).toEqual([]);
    releaseOrders();
    await visit.order("Fountain pen").waitFor();
  });
});

test("the page offers what the token permits, and names what it does not permit", async () => {
  const { admin, realm } = stage;
  const mira = await stage.addUser("mira", "Mira", "Castellanos");
  const [client] = await admin.clients.find({ realm, clientId: "atlas-frontend" });
  const scopes = await admin.clientScopes.find({ realm });
  const link = (name: string) => ({
    realm,
    id: client?.id ?? "",
    clientScopeId: scopes.find((scope) => scope.name === name)?.id ?? "",
  });
  const permissions = visit.page.getByRole("list", { name: "Your permissions" });
  await visit.signIn(stage.url, mira);
  expect(await permissions.textContent()).not.toContain("not permitted");

  for (const [permission, message] of [
    ["orders:write", "Atlas itself may not create orders"],
    ["orders:read", "Atlas itself may not see orders"],
  ] as const) {
    await admin.clients.delDefaultClientScope(link(permission));
    try {
      // with the next token
      await visit.page.getByText(message).waitFor();
      const refused = permissions.getByRole("listitem").filter({ hasText: "not permitted" });
      expect(await refused.textContent()).toContain(permission);
      expect(await visit.flaws()).toEqual([]);
    } finally {
      await admin.clients.addDefaultClientScope(link(permission));
    }
    await visit.page.getByText(message).waitFor({ state: "detached" });
  }
  await visit.placeOrder("Notebook", 1);
});

const withoutStorage = `
  for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, { get: () => { throw new Error("blocked"); } });
  Object.defineProperty(document, "cookie", { get: () => "", set: () => {} });
`;
const withoutFragment = `history.replaceState(null, "", location.pathname)`;

test.each([
  ["the browser keeps no data", withoutStorage, "", 0, "Your browser keeps no data"],
  ["answers get lost", withoutFragment, "", 2, "did not arrive"],
  ["an answer is not for this tab", "0", "#state=other&code=stolen", 0, "belongs to another tab"],
  ["an error is not for this tab", "0", "#state=other&error=Call+555", 0, "belongs to another tab"],
])("the page does not go on trying if %s", async (_, script, fragment, signIns, reason) => {
  const { page } = visit;
  await page.addInitScript(script);
  await page.goto(stage.url + fragment);
  await visit.heading("Sign-in failed").waitFor();
  await page.getByText(reason).waitFor();
  expect(visit.signIns).toHaveLength(signIns);
  expect(await visit.flaws()).toEqual([]);
  await visit.button("Try again").click();
  await visit.button(signIns > 0 || fragment === "" ? "Try again" : "Sign in").waitFor();
  expect(visit.signIns.length).toBeLessThanOrEqual(signIns + 2);
});

test("the page does not run an injected script", async () => {
  const { page } = visit;
  await page.goto(stage.url);
  await visit.button("Sign in").waitFor();
  expect(visit.refusals).toEqual([]);
  await page.route(stage.url, async (route) => {
    const answer = await route.fetch();
    const html = await answer.text();
    expect(answer.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
    await route.fulfill({
      response: answer,
      body: html.replace("</body>", "<script>document.documentElement.lang = 'xx'</script></body>"),
    });
  });
  // the browser does not know from which network an answer of this test comes
  await page.context().grantPermissions(["local-network-access"]);
  await page.reload();
  await visit.button("Sign in").waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("en");
  expect(visit.refusals[0]).toContain("inline script");
});
