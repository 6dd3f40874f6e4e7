import { randomInt } from "node:crypto";
import { customerProblems } from "../../../operations/keycloak/customers/customer-clients.ts";
import { issuerOf } from "../../../operations/keycloak/token.ts";
import { FailedError } from "../../../text/errors.ts";
import type { Customers } from "../../generated-customers.ts";
import type { BenchKeycloak } from "./server.ts";

/**
 * Checks the token of a random customer, and those of further ones.
 *
 * @throws FailedError if Keycloak gives one another token than declared, or none
 */
export async function checkTokens(
  { admin, baseUrl }: BenchKeycloak,
  realm: string,
  customers: Customers,
  further: readonly string[] = [],
): Promise<void> {
  const ids = Object.keys(customers);
  for (const id of [ids[randomInt(ids.length)] ?? "", ...further]) {
    const customer = { access: {}, name: "", contact: "", ...customers[id], enabled: true };
    const issuer = issuerOf(baseUrl, realm);
    const [problem] = await customerProblems(admin, realm, issuer, id, customer);
    if (problem !== undefined) throw new FailedError(`the token of ${id} is wrong: ${problem}`);
  }
}
