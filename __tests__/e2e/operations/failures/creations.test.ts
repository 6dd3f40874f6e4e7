import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import { adminClient } from "../../../../operations/keycloak/login/admin.ts";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import { Creations } from "../../../../operations/keycloak/existing/creations.ts";
import { type Identity, identityOf } from "../../../../operations/keycloak/login/identity.ts";
import { issuerOf, requestToken } from "../../../../operations/keycloak/token.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import { until } from "../../support/until.ts";
import { administrator } from "../../support/projects/workbench.ts";

const { root } = endToEnd();
const realm = "creations";
const events = { eventsEnabled: true, adminEventsEnabled: true };

let admin: KcAdminClient;
let identity: Identity;

beforeAll(async () => {
  const login = administrator(root);
  admin = await adminClient(login);
  await admin.realms.create({ realm, enabled: true, ...events });
  const found = await identityOf(login);
  if (!found) throw new Error("the administrator may not look up its own client");
  identity = found;
});
afterAll(async () => {
  await admin.realms.del({ realm });
});

/** Creates a client with a service account. @returns its UUID */
const create = async (clientId: string, secret = "a-secret-of-this-test") => {
  const client = { clientId, secret, serviceAccountsEnabled: true };
  return (await admin.clients.create({ realm, ...client })).id;
};

/** Whether a client counts as an own creation, if the state records some objects. */
const isOwn = (id: string, clientId: string, recorded: readonly string[], overlap?: number) =>
  new Creations(admin, realm, identity, new Set(recorded), overlap).isOnlyOwn(
    `clients/${id}`,
    clientId,
  );

test("a client counts as an own creation if it is newer than what the state records", async () => {
  const recorded = await create("recorded");
  const newer = await create("newer");
  expect(await isOwn(newer, "newer", [recorded], 0)).toBe(true);
});

test("a client does not count as an own creation if it is older than what the state records", async () => {
  const older = await create("older");
  const recorded = await create("recorded-later");
  expect(await isOwn(older, "older", [recorded], 0)).toBe(false);
});

test("a client may be a little older than what the state records, because an apply creates several at once", async () => {
  const older = await create("a-little-older");
  const recorded = await create("recorded-at-once");
  expect(await isOwn(older, "a-little-older", [recorded])).toBe(true);
});

test("a client does not count as an own creation if it was used", async () => {
  const secret = "a-secret-that-is-used";
  const used = await create("used", secret);
  expect(await isOwn(used, "used", [])).toBe(true);
  const issuer = issuerOf(root.url, realm);
  await requestToken({ issuer, clientId: "used", clientSecret: secret });
  expect(await isOwn(used, "used", [])).toBe(false);
});

test.each<[string, RealmRepresentation]>([
  ["stores no user events", { eventsEnabled: false }],
  ["does not store the type CLIENT_LOGIN", { enabledEventTypes: ["LOGIN", "LOGIN_ERROR"] }],
  ["has deleted user events since", { eventsExpiration: 1 }],
])("a client does not count as an own creation if the realm %s", async (reason, settings) => {
  const id = await create(reason);
  const created = Date.now();
  await until("the creation is older than a second", () => Date.now() > created + 1_000);
  await admin.realms.update({ realm }, { ...events, ...settings });
  expect(await isOwn(id, reason, [])).toBe(false);
  await admin.realms.update({ realm }, { ...events, enabledEventTypes: [], eventsExpiration: 0 });
  expect(await isOwn(id, reason, [])).toBe(true);
});

test("a client does not count as an own creation if more is recorded about it than one request returns", async () => {
  const id = await create("busy");
  const change = async (description: string) => {
    const client = await findClient(admin, realm, "busy");
    await admin.clients.update({ realm, id }, { ...client, description });
  };
  // with the creation, 99 events
  for (let count = 0; count < 98; count += 1) await change(String(count));
  expect(await isOwn(id, "busy", [])).toBe(true);
  await change("one more");
  expect(await isOwn(id, "busy", [])).toBe(false);
});
