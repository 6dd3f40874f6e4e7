import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Access, Customer, IdentifiedCustomer } from "../constructs/declaration.ts";
import { customerNameWarnings } from "./customer-name.ts";
import { authenticationOf, sharedSubjectProblems } from "./customers/authentication.ts";
import { isFolder } from "./customers/customers-folder.ts";
import { fileSchema, readCustomersYaml } from "./customers/customers-yaml.ts";
import { expiryWarning, hasExpired } from "./customers/expiry.ts";
import { customerSchema, type DeclaredClients } from "./customers/fields.ts";
import { idSchema, renameProblems } from "./customers/ids.ts";
import { todayFrom } from "./customers/today.ts";
import { environmentFile, environmentName } from "./environment.ts";
import { validate } from "./validate.ts";
import { pathText, valueAt } from "./yaml/path.ts";
import type { Problem } from "./yaml/problems.ts";

export type { DeclaredClients };

/** The customers of a file or a folder that is valid, in the order of the file, or of the files by name. */
export interface CustomersFile {
  readonly customers: IdentifiedCustomer[];
  /** The last day of access, by customer, of those that their entries do not suspend. */
  readonly lastDays: ReadonlyMap<string, string>;
  /** What is allowed, but should be looked at. */
  readonly warnings: readonly Problem[];
}

/**
 * Loads the customers of a file, in the order of the file, or of the files in a folder.
 *
 * @param file the path of the file or the folder
 * @param today the day that the declaration is made for: a customer whose `expires` is before it is suspended
 * @throws InvalidFileError with every problem in the file
 */
export function loadCustomers(
  file: string,
  declared: DeclaredClients,
  today = todayFrom(process.env),
): IdentifiedCustomer[] {
  const chosen = environmentFile(environmentName(process.env));
  const { entries } = readValid(file, { environmentFile: chosen, ...declared });
  return entries.map((entry) => customerOf(entry, today));
}

/**
 * Reads a customers file or a folder of them, with the warnings about it.
 *
 * @throws InvalidFileError with every problem in the file
 */
export function readCustomers(
  file: string,
  declared: DeclaredClients,
  today = todayFrom(process.env),
): CustomersFile {
  const { yaml, entries } = readValid(file, declared);
  const lastDays = new Map(
    entries.flatMap(([id, { enabled, expires }]) =>
      enabled && expires !== undefined ? [[id, expires]] : [],
    ),
  );
  const warnings = entries.flatMap(([id, { name }]) => {
    const lastDay = lastDays.get(id);
    const expiry = lastDay !== undefined && expiryWarning(lastDay, today);
    return [
      ...customerNameWarnings(name).map((message) =>
        yaml.problem(["customers", id, "name"], message),
      ),
      ...(expiry ? [yaml.problem(["customers", id, "expires"], expiry)] : []),
    ];
  });
  return { customers: entries.map((entry) => customerOf(entry, today)), lastDays, warnings };
}

function readValid(file: string, declared: DeclaredClients) {
  const yaml = readCustomersYaml(file);
  const { customers } = validate(yaml, customersSchema(declared));
  return { yaml, entries: Object.entries(customers) };
}

type Entry = ReturnType<typeof readValid>["entries"][number];

function customerOf([id, { access, auth, enabled, ...rest }]: Entry, today: string) {
  return {
    id,
    ...rest,
    enabled: enabled && !hasExpired(rest.expires, today),
    access: access as Access,
    ...(auth && { auth: authenticationOf(auth) }),
  };
}

/**
 * Locates problems of customers that the file itself does not show. A customer that `main.ts` declares itself has no line.
 *
 * @returns a function that creates the problem of a customer's field
 */
export function customersLocator(
  file: string,
): (id: string, field: keyof Customer, message: string) => Problem {
  const yaml = readCustomersYaml(file);
  return (id, field, message) => {
    const path = ["customers", id, field];
    return valueAt(yaml.value, path) === undefined
      ? { path: pathText(path), message }
      : yaml.problem(path, message);
  };
}

/** The file that holds a customer's entry: the customers file, or one in their folder. The folder, if `main.ts` declares the customer itself. */
export function fileOfCustomer(path: string, id: string): string {
  return isFolder(path) ? (customersLocator(path)(id, "name", "").file ?? path) : path;
}

/**
 * Writes a customers file without any customer into a folder.
 *
 * @returns the path of the file
 */
export async function writeEmptyCustomersFile(folder: string): Promise<string> {
  const file = join(folder, "no-customers.yaml");
  await writeFile(file, "customers: {}\n");
  return file;
}

/** Schema of `customers.yaml`. The JSON Schema for editors is generated from it. */
export function customersSchema(declared: DeclaredClients) {
  const clientIds = [...Object.keys(declared.apis), ...Object.keys(declared.frontends)];
  const customers = z
    .record(idSchema(clientIds), customerSchema(declared, clientIds))
    .superRefine(
      (entries, context) => {
        for (const { id, message } of renameProblems(entries))
          context.addIssue({ code: "custom", path: [id, "renamedFrom"], message });
        for (const { id, message } of sharedSubjectProblems(entries))
          context.addIssue({ code: "custom", path: [id, "auth", "subject"], message });
      },
      { when: ({ value }) => typeof value === "object" && value !== null },
    )
    .describe("Customers by client id; {} if there is no customer yet");
  return fileSchema(customers);
}
