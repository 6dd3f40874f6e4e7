import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { BackendClient } from "../../../../constructs/backend-client.ts";
import { CustomerClient } from "../../../../constructs/customer-client.ts";
import { deployedClient } from "../../../../operations/keycloak/customers/customer-clients.ts";
import { issuerOf, requestToken } from "../../../../operations/keycloak/token.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { Workbench } from "../../support/projects/workbench.ts";

const { root } = endToEnd();

describe.each(onProviders())("two APIs, on the %s provider", (provider) => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.create(root, provider, "two-apis");
    await bench.deploy((stack) => {
      new BackendClient(stack, "orders-api", { permissions: ["orders:read"] });
      new BackendClient(stack, "stock-api", { permissions: ["stock:read"] });
      const person = { name: "Somebody", contact: "api@example.com" };
      new CustomerClient(stack, "one", { ...person, access: { "orders-api": ["orders:read"] } });
      new CustomerClient(stack, "both", {
        ...person,
        access: { "orders-api": ["orders:read"], "stock-api": [] },
      });
    });
  });
  afterAll(() => bench.clear());

  const claims = async (clientId: string) => {
    const client = await deployedClient(bench.admin, "two-apis", clientId);
    const issuer = issuerOf(root.url, "two-apis");
    const answer = await requestToken({ issuer, clientId, clientSecret: client?.secret ?? "" });
    return "token" in answer ? decodeJwt(answer.token) : answer;
  };

  test("a customer of one API does not have the audience of the other", async () => {
    expect(await claims("one")).toMatchObject({ aud: "orders-api", scope: "orders:read" });
  });

  test("a customer of both APIs has both audiences, and only its own permissions", async () => {
    expect(await claims("both")).toMatchObject({
      aud: expect.arrayContaining(["orders-api", "stock-api"]),
      scope: "orders:read",
    });
  });
});
