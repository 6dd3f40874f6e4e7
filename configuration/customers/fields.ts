import { z } from "zod";
import type { AuthenticationMethod } from "../../constructs/authentication/authentication.ts";
import type { RealmDeclaration } from "../../constructs/declaration.ts";
import { quoted } from "../../text/quoted.ts";
import { customerNameProblems } from "../customer-name.ts";
import { withErrorHints } from "../error-hints.ts";
import { duration } from "../fields/duration.ts";
import { checkedText } from "../fields/plain-text.ts";
import { wholeNumber } from "../fields/whole-number.ts";
import { accessSchema } from "./access.ts";
import { authenticationSchema, type DeclaredAuthentication, methodOf } from "./authentication.ts";
import { idSchema } from "./ids.ts";
import { recipientPattern, recipientProblems } from "./recipient.ts";
import { day } from "./today.ts";

/** The declaration without its customers, which `customers.yaml` is checked against. */
export type DeclaredClients = Pick<RealmDeclaration, "apis" | "frontends" | "requires"> &
  DeclaredAuthentication;

/**
 * Schema of a customer.
 *
 * @param clientIds the client ids that the declaration uses already
 */
export function customerSchema(declared: DeclaredClients, clientIds: readonly string[]) {
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
    tokenBinding: withErrorHints(
      z.literal("dpop", {
        error: ({ input }) =>
          typeof input === "string" ? `unknown binding ${quoted(input)}; write dpop` : undefined,
      }),
      { expected: "dpop" },
    )
      .exactOptional()
      .describe("dpop binds the tokens to a key of the customer (RFC 9449)"),
    tokenLifespan: duration({ shortest: 30, longest: 3_600, example: "2m" })
      .exactOptional()
      .describe("Lifespan of the access tokens, from 30s to 1h; without it, the realm's")
      .meta({
        pattern: String.raw`^0*(([3-9]\d|[1-9]\d\d|[12]\d{3}|3[0-5]\d\d|3600)s|([1-9]|[1-5]\d|60)m|1h)$`,
      }),
    expires: day.exactOptional().describe("Last day of access, in UTC"),
    rotation: wholeNumber("a whole number, 1 or more", { min: 1 })
      .exactOptional()
      .describe("Number of the secret; a higher one gives the customer a new secret")
      .meta({ type: "integer", minimum: 1 }),
    renamedFrom: idSchema(clientIds)
      .exactOptional()
      .describe("Previous id of the customer, which keeps its client"),
    handover: withErrorHints(checkedText(recipientProblems), {
      expected: "a recipient of age, such as age1…",
    })
      .exactOptional()
      .describe("Recipient (age) that the credentials are encrypted to: age1…")
      .meta({ pattern: recipientPattern.source }),
  });
  return fields
    .superRefine(
      (customer, context) => {
        const reported = context.issues.map(({ path: [name] = [] }) => name);
        for (const { path, message } of methodProblems(customer, declared.requires ?? {}))
          if (!reported.includes(path[0]) || path.length > 1)
            context.addIssue({ code: "custom", path, message });
      },
      { when: ({ value }) => typeof value === "object" && value !== null },
    )
    .meta({ allOf: fieldsWithoutSecret });
}

/** Fields that go with some methods only. */
const methodsOfField = {
  tokenBinding: ["client_secret", "private_key_jwt"],
  rotation: ["client_secret"],
} as const satisfies Record<string, readonly AuthenticationMethod[]>;

/** The same as JSON Schema, to which customersJsonSchema adds the fields themselves. */
const fieldsWithoutSecret = Object.entries(methodsOfField).map(([field, methods]) => ({
  if: {
    properties: {
      auth: { properties: { method: { not: { enum: methods } } }, required: ["method"] },
    },
    required: ["auth"],
  },
  then: { properties: { [field]: false } },
}));

interface MethodProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Problems of fields and permissions that do not go with the customer's method. Other fields may be invalid. */
function methodProblems(
  customer: Readonly<Record<string, unknown>>,
  requires: NonNullable<RealmDeclaration["requires"]>,
): MethodProblem[] {
  const method = methodOf(customer.auth);
  if (!method) return [];
  const ofFields = Object.entries(methodsOfField)
    .filter(([name, methods]) => customer[name] !== undefined && !includes(methods, method))
    .map(([name]) => ({ path: [name], message: `does not go with ${method}; remove it` }));
  const ofPermissions = Object.entries(customer.access ?? {}).flatMap(([api, permissions]) =>
    (Array.isArray(permissions) ? permissions : []).flatMap((permission: unknown, index) => {
      if (typeof permission !== "string") return [];
      const methods = Object.hasOwn(requires, permission) ? requires[permission] : undefined;
      if (!methods || methods.includes(method)) return [];
      const message = `${quoted(permission)} requires ${methods.join(" or ")}, and the customer authenticates with ${method}; change its auth`;
      return [{ path: ["access", api, index], message }];
    }),
  );
  return [...ofFields, ...ofPermissions];
}

function includes(methods: readonly AuthenticationMethod[], method: AuthenticationMethod): boolean {
  return methods.includes(method);
}

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
