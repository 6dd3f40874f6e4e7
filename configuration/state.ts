import { z } from "zod";
import { didYouMean } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import { plainText } from "./plain-text.ts";
import { inWords } from "./words.ts";

const text = plainText("the value");

/**
 * Terraform's back ends with the settings that say where the state is; what proves who asks comes from the environment
 * variables of each, never from a file.
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
      address: text,
      lockAddress: text.exactOptional(),
      unlockAddress: text.exactOptional(),
    }),
    z.strictObject({
      type: z.literal("remote"),
      hostname: text.exactOptional(),
      organization: text,
      workspaces: z.strictObject({ name: text }),
    }),
  ],
  { error: ({ input }) => stateTypeProblem(input) },
);

/** A back end by its type. */
export const stateSchema = inWords(backends, {
  wanted: "a back end, such as {type: local}",
  example: "{type: local}",
});

function stateTypeProblem(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const types = backends.options.map(({ shape }) => shape.type.value);
  const { type } = input as { type?: unknown };
  if (typeof type === "string")
    return `unknown type ${quoted(type)}${didYouMean(type, types) || `; use ${types.join(", ")}`}`;
  return type === undefined
    ? `is missing; add type: ${types.join(", ")}`
    : `must be one of ${types.join(", ")}`;
}
