import { z } from "zod";
import { hostnameProblems, stateUrlProblems } from "../../constructs/realm/server-url.ts";
import { didYouMean } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";
import { withErrorHints } from "../error-hints.ts";
import { checkedText, plainText } from "../fields/plain-text.ts";

const text = plainText("the value");
const stateUrl = checkedText(stateUrlProblems);

/**
 * Terraform's state backends, with the settings that locate the state. Credentials never come from a file: each backend reads them
 * from its own environment variables.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend
 */
const backends = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("local"), path: text.exactOptional() }),
    z.strictObject({ type: z.literal("pg"), schemaName: text.exactOptional() }),
    z.strictObject({
      type: z.literal("s3"),
      bucket: text,
      key: text,
      region: text,
      encrypt: z.boolean().exactOptional(),
      dynamodbTable: text.exactOptional(),
    }),
    z.strictObject({ type: z.literal("gcs"), bucket: text, prefix: text.exactOptional() }),
    z.strictObject({
      type: z.literal("azurerm"),
      resourceGroupName: text.exactOptional(),
      storageAccountName: text,
      containerName: text,
      key: text,
    }),
    z.strictObject({
      type: z.literal("http"),
      address: stateUrl,
      lockAddress: stateUrl.exactOptional(),
      unlockAddress: stateUrl.exactOptional(),
    }),
    z.strictObject({
      type: z.literal("remote"),
      hostname: checkedText(hostnameProblems).exactOptional(),
      organization: text,
      workspaces: z.strictObject({ name: text }),
    }),
  ],
  { error: ({ input }) => stateTypeProblem(input) },
);

/** Schema of a state backend. Its `type` decides which other fields it has. */
export const stateBackendSchema = withErrorHints(backends, {
  expected: "a state backend, such as {type: local}",
  example: "{type: local}",
});

function stateTypeProblem(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const types = backends.options.map(({ shape }) => shape.type.value);
  const oneOf = `one of ${types.join(", ")}`;
  const { type } = input as { type?: unknown };
  if (typeof type === "string")
    return `unknown type ${quoted(type)}${didYouMean(type, types) || `; use ${oneOf}`}`;
  return type === undefined ? `is missing; set it to ${oneOf}` : `must be ${oneOf}`;
}
