import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Access, IdentifiedCustomer, RealmDeclaration } from "../constructs/declaration.ts";
import { reservedClientIds } from "../constructs/names/reserved-names.ts";
import { didYouMean, listed } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import { customerNameProblems, customerNameWarnings } from "./customer-name.ts";
import { withErrorHints } from "./error-hints.ts";
import { authenticationOf, authenticationSchema } from "./customers/authentication.ts";
import { day, todayFrom } from "./customers/today.ts";
import { duration } from "./duration.ts";
import { wholeNumber } from "./whole-number.ts";
import { validate } from "./validate.ts";
import type { Problem } from "./yaml/problems.ts";
import { readYaml } from "./yaml/yaml.ts";

/** The declaration without its customers, which `customers.yaml` is checked against. */
export type DeclaredClients = Pick<
  RealmDeclaration,
  "apis" | "frontends" | "requires" | "issuers" | "allowedJwksHosts"
>;

/** The customers of a file that is valid, in the order of the file. */
export interface CustomersFile {
  readonly customers: IdentifiedCustomer[];
  /** What is allowed, but should be looked at. */
  readonly warnings: readonly Problem[];
}

/**
 * Loads the customers of a file, in the order of the file.
 *
 * @param today the day that the declaration is made for: a customer whose `expires` is before it is suspended
 * @throws InvalidFileError with every problem in the file
 */
export function loadCustomers(
  file: string,
  declared: DeclaredClients,
  today = todayFrom(process.env),
): IdentifiedCustomer[] {
  return readCustomers(file, declared, today).customers;
}

/**
 * Reads a customers file, with the warnings about it.
 *
 * @throws InvalidFileError with every problem in the file
 */
export function readCustomers(
  file: string,
  declared: DeclaredClients,
  today = todayFrom(process.env),
): CustomersFile {
  const yaml = readYaml(file, {
    missingFileFix: 'create it with "customers: {}", or name another file in CUSTOMERS_FILE',
    isId: (path) => path.length === 1 && path[0] === "customers",
  });
  const { customers } = validate(yaml, customersSchema(declared));
  const entries = Object.entries(customers);
  const warnings = entries.flatMap(([id, { name }]) =>
    customerNameWarnings(name).map((message) => yaml.problem(["customers", id, "name"], message)),
  );
  return {
    customers: entries.map(([id, { access, auth, enabled, ...rest }]) => ({
      id,
      ...rest,
      enabled: enabled && !(rest.expires !== undefined && rest.expires < today),
      access: access as Access,
      ...(auth && { auth: authenticationOf(auth) }),
    })),
    warnings,
  };
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
  const { apis, frontends } = declared;
  const fixIfEmpty = "write customers: {} if there is no customer yet";
  const ids = idSchema([...Object.keys(apis), ...Object.keys(frontends)]);
  const customers = withErrorHints(
    z
      .record(ids, customerSchema(declared))
      .describe("Customers by client id; {} if there is no customer yet"),
    { expected: "a mapping of client ids to customers", example: "{}", fixIfEmpty },
  );
  return withErrorHints(z.strictObject({ customers }), { fixIfEmpty });
}

function idSchema(clientIds: readonly string[]) {
  const taken = new Set([...reservedClientIds, ...clientIds]);
  return z
    .string()
    .regex(idPattern, {
      error: ({ input }) =>
        `the id ${quoted(input)} is not allowed; use a-z, 0-9 and -, start with a letter and do not end with -`,
    })
    .max(63, {
      error: ({ input }) => `the id ${quoted(input)} is longer than 63 characters; shorten it`,
    })
    .refine((id) => !taken.has(id), {
      error: ({ input }) =>
        `the id ${quoted(input)} is used by Keycloak or the declaration; choose another`,
    });
}

function customerSchema(declared: DeclaredClients) {
  const fields = z.strictObject({
    name: nameSchema.describe("Name of the customer, as people see it"),
    contact: z
      .email({
        error: ({ input }) =>
          typeof input === "string"
            ? `${quoted(input)} is not an e-mail address; write one such as api@example.com`
            : undefined,
      })
      .max(254, { error: "is longer than 254 characters; shorten it" })
      .describe("E-mail address of the customer")
      .meta({ examples: ["api@example.com"] }),
    access: accessSchema(declared.apis),
    enabled: z
      .boolean()
      .default(true)
      .describe("false suspends the customer: its client stays but gets no token"),
    auth: authenticationSchema(declared)
      .exactOptional()
      .describe("How the customer authenticates; without it, with a secret"),
    tokenBinding: z
      .literal("dpop", { error: "must be dpop" })
      .exactOptional()
      .describe("dpop binds the tokens to a key of the customer"),
    tokenLifespan: duration({ shortest: 30, longest: 3_600, example: "2m" })
      .exactOptional()
      .describe("Lifespan of the access tokens; without it, the realm's"),
    expires: day.exactOptional().describe("Last day of access, in UTC"),
    rotation: wholeNumber("a whole number, 1 or more", { min: 1 })
      .exactOptional()
      .describe("Number of the secret; a higher one gives the customer a new secret"),
    renamedFrom: z
      .string()
      .regex(idPattern)
      .exactOptional()
      .describe("Previous id of the customer, which keeps its client"),
    handover: z
      .string()
      .regex(/^age1[a-z0-9]+$/)
      .exactOptional()
      .describe("Recipient (age) that the credentials are encrypted to"),
  });
  return fields.superRefine((customer, context) => {
    const method = customer.auth?.method ?? "client_secret";
    if (customer.tokenBinding && method !== "client_secret" && method !== "private_key_jwt")
      context.addIssue({
        code: "custom",
        path: ["tokenBinding"],
        message: `does not go with ${method}; remove it`,
      });
    for (const [api, permissions] of Object.entries(customer.access))
      for (const [index, permission] of (permissions as readonly string[]).entries()) {
        const methods = declared.requires?.[permission];
        if (!methods || methods.includes(method)) continue;
        context.addIssue({
          code: "custom",
          path: ["access", api, index],
          message: `${quoted(permission)} requires ${methods.join(" or ")}, and the customer authenticates with ${method}; change its auth`,
        });
      }
  });
}

const idPattern = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

const nameSchema = z
  .string()
  .trim()
  .min(1, { error: "is empty; write the customer's name" })
  .max(255, { error: "is longer than 255 characters; shorten it" })
  .superRefine((name, context) => {
    if (name === "") return;
    for (const message of customerNameProblems(name)) context.addIssue({ code: "custom", message });
  })
  .meta({ examples: ["Acme Corp"] });

function accessSchema(apis: Access) {
  const fields = Object.entries(apis).map(([id, permissions]) => {
    return [id, permissionsSchema(id, permissions).optional()] as const;
  });
  const [first = ["api", []]] = Object.entries(apis);
  const example = `{${first[0]}: [${first[1].slice(0, 1).join("")}]}`;
  const schema = z
    .strictObject(Object.fromEntries(fields))
    .refine((access) => Object.keys(access).length > 0, {
      error: `names no API; name at least one of ${listed(Object.keys(apis))}`,
      when: ({ issues }) => issues.length === 0,
    })
    .meta({
      minProperties: 1,
      description: "Permissions by API; [] gives only the audience",
    });
  return withErrorHints(schema, {
    keyNoun: "API",
    expected: `a mapping of APIs to permissions, such as ${example}`,
    example,
  });
}

function permissionsSchema(api: string, permissions: readonly string[]) {
  const permission = z.enum(permissions, {
    error: ({ input }) =>
      typeof input === "string"
        ? `unknown permission ${quoted(input)}${didYouMean(input, permissions) || `; ${api} has ${listed(permissions) || "none"}`}`
        : undefined,
  });
  const schema = z
    .array(permission)
    .superRefine(
      (list, context) => {
        for (const [index, entry] of list.entries()) {
          if (permissions.includes(entry) && list.indexOf(entry) < index) {
            context.addIssue({
              code: "custom",
              path: [index],
              message: `the permission ${quoted(entry)} is listed twice; remove one`,
            });
          }
        }
      },
      { when: ({ value }) => Array.isArray(value) },
    )
    .meta({ uniqueItems: true, description: `Permissions of the customer at ${api}` });
  return withErrorHints(schema, {
    expected: `a list, such as [${permissions.slice(0, 2).join(", ")}]`,
  });
}
