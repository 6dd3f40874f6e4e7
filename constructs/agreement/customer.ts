import { quoted } from "../../text/quoted.ts";
import {
  authenticationOfCustomer,
  clientAuthenticators,
} from "../authentication/authentication.ts";
import { customerAttributes, isGoverned } from "../customer-attributes.ts";
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
    ...valueProblems(client, customer, stack),
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
  customer: Customer,
  stack: SynthesizedStack,
): string[] {
  const { name, enabled, tokenLifespan } = customer;
  const auth = authenticationOfCustomer(customer);
  const actual = (values.extra_config ?? {}) as Readonly<Record<string, unknown>>;
  const declared = customerAttributes(customer, auth);
  const attributes = [
    ...new Set([...Object.keys(declared), ...Object.keys(actual).filter(isGoverned)]),
  ];
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ["name", values.name, name],
    ...attributes.map((each) => [each, stack.resolved(actual[each]), declared[each]] as const),
    ["enabled", values.enabled ?? true, enabled],
    ["service_accounts_enabled", values.service_accounts_enabled, true],
    [
      "client_authenticator_type",
      values.client_authenticator_type,
      clientAuthenticators[auth.method],
    ],
    ["access_token_lifespan", values.access_token_lifespan, tokenLifespan?.toString()],
    [
      "require_dpop_bound_tokens",
      values.require_dpop_bound_tokens ?? false,
      customer.tokenBinding === "dpop",
    ],
  ];
  return pairs
    .filter(([, found, expected]) => found !== expected)
    .map(([attribute, found, expected]) =>
      expected === undefined
        ? `${attribute} is ${quoted(found)}, which is not declared`
        : `${attribute} is ${quoted(found)}, but ${quoted(expected)} is declared`,
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
