import { z } from "zod";
import type { Access } from "../../constructs/declaration.ts";
import { didYouMean, listed } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";
import { distinct } from "../fields/distinct.ts";
import { withErrorHints } from "../error-hints.ts";

/**
 * Schema of `access`: permissions by API.
 *
 * @param apis the permissions of each declared API
 */
export function accessSchema(apis: Access) {
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
      distinct("permission", (entry) => permissions.includes(entry)),
      { when: ({ value }) => Array.isArray(value) },
    )
    .meta({ uniqueItems: true, description: `Permissions of the customer at ${api}` });
  return withErrorHints(schema, {
    expected: `a list, such as [${permissions.slice(0, 2).join(", ")}]`,
  });
}
