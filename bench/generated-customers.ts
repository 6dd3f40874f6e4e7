import type { Customer } from "../constructs/declaration.ts";

/** The API of generated customers, and its permissions. */
export const api = "atlas-api";
export const permissions = ["orders:read", "orders:write"] as const;

/** Customers by their id, as in customers.yaml. */
export type Customers = Readonly<Record<string, Omit<Customer, "enabled">>>;

/** Generates customers. Every second one has both permissions, and the others may only read. */
export function generatedCustomers(count: number): Customers {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `customer-${index}`,
      {
        name: `Customer ${index}`,
        contact: `api@customer-${index}.example`,
        access: { [api]: index % 2 === 0 ? [permissions[0]] : permissions },
      },
    ]),
  );
}

/** Customers of which one more may write. */
export function withOneMoreWriter(customers: Customers, id: string): Customers {
  const customer = customers[id];
  if (customer === undefined) throw new Error(`there is no customer ${id}`);
  return { ...customers, [id]: { ...customer, access: { [api]: permissions } } };
}
