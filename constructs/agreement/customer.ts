import { quoted } from "../../text/quoted.ts";
import type { Customer } from "../declaration.ts";
import { optionalScopeListType, scopeListType } from "../names/resource-types.ts";
import {
  constructPath,
  type SynthesizedResource,
  type SynthesizedStack,
} from "./synthesized-stack.ts";

/**
 * Problems of a customer's client, except the scopes in its list of default scopes.
 *
 * @param existing whether the realm exists already. Then it hands out optional scopes of its own.
 */
export function customerProblems(
  client: SynthesizedResource,
  customer: Customer,
  stack: SynthesizedStack,
  existing: boolean,
): string[] {
  const referring = stack.referringTo(client);
  const list = referring.find(({ type }) => type === scopeListType);
  const emptyList = existing ? referring.find(isEmptyOptionalList) : undefined;
  return [
    ...valueProblems(client, customer),
    ...(existing && !emptyList ? [inheritsOptionalScopes] : []),
    ...otherResources(referring, [list, emptyList]),
  ];
}

const inheritsOptionalScopes =
  "the customer may ask for the optional scopes that the existing realm hands out; declare an empty list of optional scopes for its client";

function isEmptyOptionalList({ type, values }: SynthesizedResource): boolean {
  const scopes = values.optional_scopes;
  return type === optionalScopeListType && Array.isArray(scopes) && scopes.length === 0;
}

function valueProblems(
  { values }: SynthesizedResource,
  { name, contact, enabled }: Customer,
): string[] {
  const { contact: actualContact } = (values.extra_config ?? {}) as { contact?: unknown };
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["name", values.name, name],
    ["contact", actualContact, contact],
    ["enabled", values.enabled ?? true, enabled],
    ["service_accounts_enabled", values.service_accounts_enabled, true],
  ];
  return pairs
    .filter(([, actual, declared]) => actual !== declared)
    .map(
      ([attribute, actual, declared]) =>
        `${attribute} is ${quoted(actual)}, but ${quoted(declared)} is declared`,
    );
}

/** A customer's client has one list of scopes. Roles, mappers and other lists would give it more than the declaration says. */
function otherResources(
  referring: readonly SynthesizedResource[],
  own: readonly (SynthesizedResource | undefined)[],
): string[] {
  return referring
    .filter((resource) => !own.includes(resource))
    .map(
      (resource) => `${constructPath(resource)} (${resource.type}) adds to the customer's client`,
    );
}
