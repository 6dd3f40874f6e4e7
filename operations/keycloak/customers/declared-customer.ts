import type { Customer, RealmDeclaration } from "../../../constructs/declaration.ts";
import { didYouMean } from "../../../text/did-you-mean.ts";
import { RefusedError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";

/**
 * A customer of the declaration.
 *
 * @param file the file or folder with the customers, for the message
 * @throws RefusedError if there is none with that id
 */
export function declaredCustomer(
  { customers }: RealmDeclaration,
  id: string,
  file: string,
): Customer {
  const customer = Object.hasOwn(customers, id) ? customers[id] : undefined;
  if (customer) return customer;
  throw new RefusedError(
    `${file} has no customer ${quoted(id)}${didYouMean(id, Object.keys(customers))}`,
  );
}
