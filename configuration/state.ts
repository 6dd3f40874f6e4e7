import { z } from "zod";

const text = z.string().min(1, { error: "is empty" });

/**
 * Terraform's back ends with the settings that say where the state is; what proves who asks comes from the environment
 * variables of each, never from a file.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend
 */
export const stateSchema = z.discriminatedUnion(
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

function stateTypeProblem(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const types = '"local", "pg", "s3", "gcs", "azurerm", "http" or "remote"';
  return "type" in input
    ? `type ${JSON.stringify(input.type)} is unknown; use ${types}`
    : `type is missing; use ${types}`;
}
