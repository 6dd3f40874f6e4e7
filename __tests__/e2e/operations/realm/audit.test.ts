import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { BackendClient } from "../../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../../constructs/customer-client.ts";
import { FrontendClient } from "../../../../constructs/frontend-client.ts";
import { audienceScopeName } from "../../../../constructs/names/audience-scope-name.ts";
import { builtInScopes, reservedClientIds } from "../../../../constructs/names/reserved-names.ts";
import { storedEventTypes } from "../../../../constructs/realm/realm-settings.ts";
import type { RealmStack } from "../../../../constructs/realm-stack.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { administrator, Workbench } from "../../support/projects/workbench.ts";
import { type ExplainedFinding, explainedFindings } from "./audit/explained-findings.ts";
import { audit } from "./audit/kcwarden.ts";

const { root } = endToEnd();
const ids = { api: "orders-api", customer: "acme" };
const names = (findings: readonly ExplainedFinding[]) =>
  findings.flatMap(({ check, entities }) => entities.map((entity) => `${check} ${entity}`)).sort();
const access = { "orders-api": ["orders:read"] };

function declare(stack: RealmStack): void {
  new BackendClient(stack, ids.api, { permissions: ["orders:read"] });
  new FrontendClient(stack, "web", { redirectUris: ["https://app.example.com/"], access });
  const person = { name: "Acme Corp", contact: "api@acme.example" };
  new CustomerClient(stack, ids.customer, { ...person, access });
}

describe.each(onProviders())(
  "a realm with the default settings, on the %s provider,",
  (provider) => {
    const realm = `audit-${provider}`;
    let bench: Workbench;

    beforeAll(async () => {
      bench = await Workbench.create(root, provider, realm);
      await bench.deploy(declare);
    });
    afterAll(() => bench.clear());

    const explained = explainedFindings(realm, ids);

    test("has only the findings that are explained, if kcwarden audits it", async () => {
      expect(await audit(bench.admin, realm)).toEqual(names(explained));
    });

    test("has no client or client scope of Keycloak's own whose name could be declared", async () => {
      const scopes = await bench.admin.clientScopes.find({ realm });
      const known = [...builtInScopes, audienceScopeName(ids.api), ...access["orders-api"]];
      expect(scopes.map(({ name = "" }) => name).filter((name) => !known.includes(name))).toEqual(
        [],
      );
      const clients = await bench.admin.clients.find({ realm });
      const taken = [...reservedClientIds, ids.api, ids.customer, "web"];
      expect(
        clients.map(({ clientId = "" }) => clientId).filter((id) => !taken.includes(id)),
      ).toEqual([]);
    });

    test("is deployed completely by one apply", async () => {
      expect(await bench.plan()).toEqual([]);
    });

    test("accepts no password that is short or the user's name", async () => {
      const username = "somebody-long";
      const { id } = await bench.admin.users.create({ realm, username });
      const set = (value: string) =>
        bench.admin.users.resetPassword({ realm, id, credential: { type: "password", value } });
      await expect(set("eleven-char")).rejects.toThrow("invalidPasswordMinLengthMessage");
      await expect(set(username)).rejects.toThrow("invalidPasswordNotUsernameMessage");
      await set("twelve-chars");
    });

    test("stores the sign-ins of customers and users for 7 days", async () => {
      const { enabledEventTypes, ...config } = await bench.admin.realms.getConfigEvents({ realm });
      expect(config).toMatchObject({ eventsExpiration: 604_800, adminEventsEnabled: true });
      expect(enabledEventTypes?.sort()).toEqual([...storedEventTypes]);
      const { attributes } = (await bench.admin.realms.findOne({ realm })) ?? {};
      expect(attributes).toMatchObject({ adminEventsExpiration: "604800" });
    });

    test("repairs a setting that was changed by hand", async () => {
      await bench.admin.realms.update({ realm }, { revokeRefreshToken: false, passwordPolicy: "" });
      expect(await bench.apply()).toEqual(["update keycloak_realm.realm"]);
      expect(await bench.admin.realms.findOne({ realm })).toMatchObject({
        passwordPolicy: "length(12) and notUsername and notEmail",
        revokeRefreshToken: true,
        refreshTokenMaxReuse: 0,
        offlineSessionMaxLifespanEnabled: true,
        offlineSessionMaxLifespan: 60 * 24 * 60 * 60,
      });
    });

    test("has fewer findings if an administrator secures the built-in clients, which no deploy undoes", async () => {
      await secureBuiltInClients();
      expect(await audit(bench.admin, realm)).toEqual(
        names(explained.filter(({ isChangeableByHand }) => !isChangeableByHand)),
      );
      await bench.deployAsDeployer();
      expect(await bench.plan()).toEqual([]);
    });

    test("takes other settings than the defaults", async () => {
      await bench.deployAs(administrator(root));
      await bench.deploy(declare, {
        ...{ passwordPolicy: [], refreshTokenRotation: false, offlineSessionDays: 1 },
        events: { retentionDays: 30 },
      });
      expect(await bench.admin.realms.findOne({ realm })).not.toHaveProperty("passwordPolicy");
      expect(await bench.admin.realms.findOne({ realm })).toMatchObject({
        ...{ revokeRefreshToken: false, offlineSessionMaxLifespan: 86_400 },
        attributes: { adminEventsExpiration: "2592000" },
      });
      expect(await bench.plan()).toEqual([]);
    });

    async function secureBuiltInClients(): Promise<void> {
      const { admin } = bench;
      const scopes = await admin.clientScopes.find({ realm });
      const clientScopeId = scopes.find(({ name }) => name === "offline_access")?.id ?? "";
      for (const { id = "", ...client } of await admin.clients.find({ realm })) {
        const place = { realm, id };
        if (client.clientId === "admin-cli")
          await admin.clients.update(place, { ...client, directAccessGrantsEnabled: false });
        // Keycloak does not let an administrator change this client's scopes
        if (client.clientId === "realm-management") continue;
        if (client.optionalClientScopes?.includes("offline_access") === true)
          await admin.clients.delOptionalClientScope({ ...place, clientScopeId });
      }
    }
  },
);
