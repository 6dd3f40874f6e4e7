import { type DeclaredClients, loadCustomers } from "../../../configuration/customers.ts";
import type { IdentifiedCustomer } from "../../../constructs/declaration.ts";
import { outcome, write } from "../folder.ts";
import { invalidFileMessage } from "../invalid-file-message.ts";

/** The APIs and frontends that the file is checked against. */
export const declared = {
  apis: { "atlas-api": ["orders:read", "orders:write"], billing: [] },
  frontends: { "atlas-frontend": { "atlas-api": [] } },
  issuers: { github: "https://issuer.example" },
  allowedJwksHosts: ["keys.example.com"],
};

/** The fields of a customer, as a message lists them. */
export const knownFields =
  '"name", "contact", "access", "enabled", "auth", "tokenBinding", "tokenLifespan", "expires", "rotation", "renamedFrom", "handover"';

/** Loads the customers of a file with the given text, on 31 January 2027. */
export function load(text: string, against: DeclaredClients = declared): IdentifiedCustomer[] {
  write("customers.yaml", text);
  return loadCustomers("customers.yaml", against, "2027-01-31");
}

/** The message about a file with the given text, or else its customers as JSON. */
export function messageFor(text: string): string {
  return outcome(() => load(text));
}

/** The message about a file with the given problems, each without the file's name. */
export function message(...problems: string[]): string {
  return invalidFileMessage("customers.yaml", problems);
}

/** A file with the customer `acme`, with some of its fields replaced. */
export function acme(fields: Readonly<Record<string, string | undefined>> = {}): string {
  const all: Record<string, string | undefined> = {
    name: "Acme",
    contact: "api@acme.example",
    access: "{atlas-api: [orders:read]}",
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`    ${name}:${value === "" ? "" : ` ${value}`}\n`],
  );
  return `customers:\n  acme:\n${lines.join("")}`;
}

/** A file with one customer of the given id. */
export function withId(id: string): string {
  return acme().replace("acme:", `${id}:`);
}
