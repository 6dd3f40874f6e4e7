import { z } from "zod";
import type { Report } from "./report.ts";

/** The version of the JSON; it rises with a field that goes or means something else, not with one that comes. */
export const jsonVersion = 1;

const kind = z.enum(["realm", "API", "frontend", "scope", "customer", "other"]);
const names = z.array(z.string());
const subject = z.object({ kind, name: z.string() });
const change = z.object({ attribute: z.string(), from: z.unknown(), to: z.unknown() });
const grant = z.object({ api: z.string(), audience: z.boolean(), permissions: names });
const access = z.object({ id: z.string(), gained: z.array(grant), lost: z.array(grant) });
const api = z.object({ id: z.string(), permissions: names });
const entry = z.object({
  id: z.string(),
  name: z.string(),
  contact: z.string(),
  enabled: z.boolean(),
  access: z.record(z.string(), names),
});
const count = z.int().min(0);

const customers = z.object({
  before: count,
  after: count,
  added: z.array(entry),
  suspended: z.array(entry),
  resumed: z.array(entry),
  removed: z.array(entry),
  changed: z.array(z.object({ id: z.string(), changes: z.array(change) })),
  access: z.array(access),
  settings: z.array(change.extend({ customers: names })),
});

const refusal = z.object({
  code: z.enum(["removal", "not-suspended", "replacement", "adoption", "many", "empty"]),
  what: z.string(),
  names,
  instead: z.string(),
  trailers: names,
});

const plan = z.object({
  counts: z.object({ import: count, add: count, change: count, destroy: count }),
  drift: z.array(
    z.object({
      address: z.string(),
      subject,
      action: z.enum(["create", "update", "delete", "replace", "forget", "import"]),
      changes: z.array(change),
    }),
  ),
});

/** What `review --json` prints; docs/review-json.md says what each field means. */
export const reviewJsonSchema = z.object({
  version: z.literal(jsonVersion),
  environment: z.string(),
  base: z.object({ ref: z.string(), commit: z.string() }).nullable(),
  head: z.object({ commit: z.string(), workTreeChanged: z.boolean() }).nullable(),
  realm: z.object({ before: z.string().nullable(), after: z.string() }),
  customers,
  apis: z.object({
    added: z.array(api),
    removed: z.array(api),
    changed: z.array(z.object({ id: z.string(), added: names, removed: names })),
  }),
  frontends: z.object({
    added: z.array(access),
    removed: z.array(access),
    changed: z.array(access),
  }),
  settings: z.array(change.extend({ subject, address: z.string() })),
  parts: z.array(z.object({ address: z.string(), subject, change: z.enum(["added", "removed"]) })),
  replaced: z.array(subject.extend({ because: z.string() })),
  refused: z.array(refusal),
  overruled: z.array(refusal),
  plan: plan.nullable(),
});

/** What `review --json` prints. */
export type ReviewJson = z.infer<typeof reviewJsonSchema>;

/** A review as JSON. */
export function toJson({ origin, review, verdict, plan: planned }: Report): ReviewJson {
  const { realm, realmBefore, ...rest } = review;
  return reviewJsonSchema.parse({
    version: jsonVersion,
    environment: origin.environment,
    base: origin.base ?? null,
    head: origin.head ?? null,
    realm: { before: realmBefore, after: realm },
    ...rest,
    ...verdict,
    plan: planned ?? null,
  });
}
