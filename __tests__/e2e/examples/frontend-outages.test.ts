import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { findKeycloak } from "../../../local/keycloak/distribution.ts";
import { startKeycloak } from "../../../local/keycloak/server.ts";
import { freePort } from "../../../system/ports.ts";
import { endProcessGroup } from "../../../system/programs/process-groups.ts";
import { startChromium } from "./support/chromium.ts";
import { FrontendStage } from "./support/frontend-stage.ts";
import type { Person } from "./support/people.ts";
import { Visit } from "./support/visit.ts";

const administrator = { username: "admin", password: "admin" };

let folder = "";
let port = 0;
let keycloak = 0;
let browser: Browser;
let stage: FrontendStage;
let visit: Visit;
let dana: Person;

const boot = async () => {
  const home = await findKeycloak("", process.env);
  const server = await startKeycloak({
    ...{ home, folder, port, basePath: "", administrator },
    variables: process.env,
  });
  keycloak = server.pid;
  return { ...server, administrator };
};

beforeAll(async () => {
  browser = await startChromium();
  folder = await mkdtemp(join(tmpdir(), "outages-"));
  port = await freePort();
  stage = await FrontendStage.open(await boot(), "outages", { signedOutPath: "" });
  const { admin, realm } = stage;
  await admin.realms.update({ realm }, { accessTokenLifespan: 10 });
  dana = await stage.addUser("dana", "Dana", "Demo");
});
afterAll(async () => {
  await browser.close();
  await stage.close();
  await endProcessGroup(keycloak);
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  visit = await Visit.begin(browser);
  await visit.signIn(stage.url, dana);
});
afterEach(() => visit.end());

test("reports a backend that cannot be reached, and shows its orders as soon as it is back", async () => {
  await visit.placeOrder("Walnut desk", 1);
  await stage.stopBackend();
  const outage = visit.heading("Orders cannot be reached");
  try {
    await visit.button("Refresh").click();
    await outage.waitFor();
    // the orders that were loaded before stay
    await visit.order("Walnut desk").waitFor();
    expect(await visit.flaws()).toEqual([]);

    await visit.page.getByLabel("Item").fill("Task lamp");
    await visit.button("Create order").click();
    await visit.page.getByRole("alert").getByText("The orders service is not available.").waitFor();
    expect(await visit.page.getByLabel("Item").inputValue()).toBe("Task lamp");

    await visit.page.reload();
    await outage.waitFor();
    expect(await visit.page.getByText("No orders yet").count()).toBe(0);
    expect(await visit.flaws()).toEqual([]);
  } finally {
    await stage.startBackend();
  }
  await visit.order("Walnut desk").waitFor();
  await outage.waitFor({ state: "detached" });
});

test("signs out if the environment has no address for that", async () => {
  const { admin, realm } = stage;
  const before = await admin.users.listSessions({ realm, id: dana.id });
  await visit.button("Sign out").click();
  await visit.heading("You are logged out").waitFor();
  const after = await admin.users.listSessions({ realm, id: dana.id });
  expect(after).toHaveLength(before.length - 1);
  await visit.page.goto(stage.url);
  await visit.button("Sign in").waitFor();
});

test("reports a Keycloak that cannot be reached, and keeps the user signed in", async () => {
  const { page } = visit;
  await visit.placeOrder("Ergonomic chair", 4);
  const other = await Visit.begin(browser);
  await other.page.goto(stage.url);
  await other.button("Sign in").waitFor();
  await endProcessGroup(keycloak);

  await page.getByText("Your sign-in cannot be renewed").first().waitFor();
  await visit.order("Ergonomic chair").waitFor();
  expect(await visit.flaws()).toEqual([]);
  await visit.button("Sign out").click();
  await visit.heading("Signing out is not possible right now").waitFor();
  await page.getByText("Until then you are still signed in.").waitFor();
  await page.reload();
  await visit.heading("Signing in is not possible right now").waitFor();
  expect(await visit.flaws()).toEqual([]);
  await other.button("Sign in").click();
  await other.heading("Signing in is not possible right now").waitFor();

  await boot();
  // after some time, without any input
  await visit.order("Ergonomic chair").waitFor({ timeout: 60_000 });
  await other.page.getByLabel("Username").waitFor({ timeout: 60_000 });
  await other.end();
});
