import { type Authentication, authenticationArguments } from "./authentication/authentication.ts";
import type { Customer } from "./declaration.ts";

/**
 * The attributes of a customer's client, by Keycloak's names.
 *
 * @param auth how the customer authenticates
 */
export function customerAttributes(
  { contact, expires, rotation }: Pick<Customer, "contact" | "expires" | "rotation">,
  auth: Authentication,
): Readonly<Record<string, string>> {
  return {
    contact,
    ...(expires !== undefined && { expires }),
    ...(rotation !== undefined && { rotation: String(rotation) }),
    ...authenticationArguments(auth).extraConfig,
  };
}

/** Whether an attribute of a client decides how it authenticates and until when. A client has only those that are declared. */
export function isGoverned(attribute: string): boolean {
  return /^(contact|expires|rotation)$|^(use\.jwks|jwks|jwt\.credential|token\.endpoint\.auth|x509|tls|dpop|client\.secret|access\.token)\./.test(
    attribute,
  );
}
