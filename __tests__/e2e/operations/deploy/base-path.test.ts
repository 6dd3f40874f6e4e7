import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { customerProblems } from "../../../../operations/keycloak/customers/customer-clients.ts";
import { endToEnd, onProviders } from "../../support/end-to-end.ts";
import { type Customers, Workbench } from "../../support/projects/workbench.ts";

const { auth } = endToEnd();
const contact = "api@example.com";
const access = { "atlas-api": ["orders:read"] };

// deploy.test.ts has the details; here every request has to use the base path
describe.each(onProviders())("the %s provider, with a Keycloak under /auth,", (provider) => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.create(auth, provider);
  });
  afterAll(() => bench.clear());

  const problems = (id: string, customer: Customers[string] = { name: id, contact, access }) => {
    const declared = { enabled: true, ...customer };
    return customerProblems(bench.admin, "atlas", bench.issuer, id, declared);
  };

  test("creates a realm whose customers get tokens, and plans no changes after that", async () => {
    await bench.declare({
      one: { name: "one", contact, access },
      two: { name: "two", contact, access },
    });
    const planned = await bench.apply();
    expect(planned.every((change) => change.startsWith("create "))).toBe(true);
    await bench.deployAsDeployer();
    expect(await bench.plan()).toEqual([]);
    expect(await problems("one")).toEqual([]);
  });

  test("updates and deletes customers as the deployer", async () => {
    const one = { name: "One", contact, access, enabled: false };
    await bench.declare({ one });
    expect(await bench.apply()).toEqual([
      expect.stringMatching(/^delete keycloak_openid_client\.customers_two_\w+$/),
      expect.stringMatching(/^delete keycloak_openid_client_default_scopes\.customers_two_\w+/),
      expect.stringMatching(/^update keycloak_openid_client\.customers_one_\w+$/),
    ]);
    expect(await problems("one", one)).toEqual([]);
    expect(await problems("two")).toEqual(["is not in Keycloak"]);
  });
});
