import { z } from "zod";
import type { Access, CustomerDeclaration, RealmDeclaration } from "../constructs/declaration.ts";
import { reservedClientIds } from "../keycloak/built-in.ts";
import { listed, didYouMean } from "../text/did-you-mean.ts";
import { templateProblems } from "../text/template.ts";
import { keyNouns, validate } from "./validate.ts";
import { readYamlFile } from "./yaml-file.ts";

/** What the declaration knows, against which `customers.yaml` is checked. */
export type Declared = Pick<RealmDeclaration, "apis" | "frontends">;

/** An entry of `customers.yaml`. */
export interface Customer extends CustomerDeclaration {
  /** The client id. */
  readonly id: string;
}

/**
 * The customers of a file in its order.
 *
 * @throws InvalidFileError with every problem of the file
 */
export function loadCustomers(file: string, declared: Declared): Customer[] {
  const yaml = readYamlFile(
    file,
    'create it with "customers: {}", or name another in CUSTOMERS_FILE',
  );
  const { customers } = validate(yaml, customersSchema(declared));
  return Object.entries(customers).map(([id, { access, ...rest }]) => ({
    id,
    ...rest,
    access: access as Access,
  }));
}

/** The definition of `customers.yaml`, from which the JSON Schema for editors is generated too. */
export function customersSchema({ apis, frontends }: Declared) {
  const none = "write customers: {} while there is no customer";
  const customers = z
    .record(idSchema([...Object.keys(apis), ...Object.keys(frontends)]), customerSchema(apis), {
      error: ({ input }) => (input === null ? `is empty; ${none}` : undefined),
    })
    .describe("The customers, by client id. No customer yet: {}");
  return z.strictObject(
    { customers },
    { error: ({ input }) => (input === null ? `the file is empty; ${none}` : undefined) },
  );
}

function idSchema(clientIds: readonly string[]) {
  const taken = new Set([...reservedClientIds, ...clientIds]);
  return z
    .string()
    .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, {
      error: ({ input }) =>
        `the id ${JSON.stringify(input)} is not allowed; use a-z, 0-9 and -, a letter first and no - last`,
    })
    .max(63, {
      error: ({ input }) =>
        `the id ${JSON.stringify(input)} is longer than 63 characters; shorten it`,
    })
    .refine((id) => !taken.has(id), {
      error: ({ input }) =>
        `the id ${JSON.stringify(input)} is used by Keycloak or the declaration; choose another`,
    });
}

function customerSchema(apis: Access) {
  return z.strictObject({
    name: nameSchema.describe("The customer's name, as people see it"),
    contact: z
      .email({
        error: ({ input }) =>
          typeof input === "string"
            ? `${JSON.stringify(input)} is no e-mail address; write one like api@example.com`
            : undefined,
      })
      .max(254, { error: "is longer than 254 characters; shorten it" })
      .describe("The e-mail address to write to")
      .meta({ examples: ["api@example.com"] }),
    access: accessSchema(apis),
    enabled: z
      .boolean()
      .default(true)
      .describe("false suspends the customer: its client stays, and gets no token"),
  });
}

// control characters, line separators and the marks that turn text around (Unicode TR9) would forge what a reviewer reads
const invisible = /[\p{Cc}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;

const nameSchema = z
  .string()
  .trim()
  .min(1, { error: "is empty; write the customer's name" })
  .max(255, { error: "is longer than 255 characters; shorten it" })
  .superRefine((name, context) => {
    const found = invisible.exec(name)?.[0];
    if (found) {
      const code = found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0") ?? "";
      context.addIssue({
        code: "custom",
        message: `holds the invisible character U+${code}; remove it`,
      });
    }
    for (const message of templateProblems("the name", name))
      context.addIssue({ code: "custom", message });
  })
  .meta({ examples: ["Acme Corp"] });

function accessSchema(apis: Access) {
  const ids = Object.keys(apis);
  const schema = z
    .strictObject(
      Object.fromEntries(
        Object.entries(apis).map(([id, permissions]) => [
          id,
          permissionsSchema(id, permissions).optional(),
        ]),
      ),
    )
    .refine((access) => Object.keys(access).length > 0, {
      error: `names no API; name at least one of ${listed(ids)}`,
    })
    .describe("API → permissions; [] gives the audience and nothing else");
  keyNouns.add(schema, { noun: "API" });
  return schema;
}

function permissionsSchema(api: string, permissions: readonly string[]) {
  const permission = z.enum(permissions, {
    error: ({ input }) =>
      typeof input === "string"
        ? `unknown permission ${JSON.stringify(input)}${didYouMean(input, permissions) || `; ${api} has ${listed(permissions) || "none"}`}`
        : undefined,
  });
  return z
    .array(permission)
    .superRefine((list, context) => {
      for (const [index, entry] of list.entries()) {
        if (list.indexOf(entry) < index) {
          context.addIssue({
            code: "custom",
            path: [index],
            message: `the permission ${JSON.stringify(entry)} stands twice; remove one`,
          });
        }
      }
    })
    .meta({ uniqueItems: true, description: `What the customer may do at ${api}` });
}
