import { z } from "zod";
import { kinds } from "../compare/resources/entity.ts";
import { countedEffects, namedRails, type NamedRail } from "../guard/losses/loss.ts";

/** Version of the JSON. It rises if a field is removed or changes its meaning, not if one is added. */
export const jsonVersion = 1;

const names = z.array(z.string());
const subject = z.object({ kind: z.enum(kinds), name: z.string() });
const change = z.object({ attribute: z.string(), from: z.unknown(), to: z.unknown() });
const apiAccess = z.object({ api: z.string(), audience: z.boolean(), permissions: names });
const access = z.object({ id: z.string(), gained: z.array(apiAccess), lost: z.array(apiAccess) });
const api = z.object({ id: z.string(), permissions: names });
const count = z.int().min(0);
const nullable = z.string().nullable();
const credentials = z.object({
  method: z.string(),
  jwksUrl: nullable,
  keys: z.array(z.object({ kid: nullable, thumbprint: z.string() })),
  algorithm: nullable,
  subjectDn: nullable,
  caSubjectDn: nullable,
  issuer: nullable,
  subject: nullable,
  tokenBinding: z.literal("dpop").nullable(),
  tokenLifespan: count.nullable(),
  expires: nullable,
  rotation: count.nullable(),
  handover: nullable,
});
const entry = z.object({
  id: z.string(),
  name: z.string(),
  contact: z.string(),
  enabled: z.boolean(),
  access: z.record(z.string(), names),
  credentials,
});
const role = z.object({ api: z.string(), role: z.string(), gained: names, lost: names });
const rolesOfApi = z.object({ api: z.string().nullable(), roles: names });
const group = z.object({
  path: z.string(),
  gained: z.array(rolesOfApi),
  lost: z.array(rolesOfApi),
});

const customers = z.object({
  before: count,
  after: count,
  added: z.array(entry),
  suspended: z.array(entry),
  resumed: z.array(entry),
  removed: z.array(entry),
  renamed: z.array(z.object({ id: z.string(), from: z.string() })),
  changed: z.array(z.object({ id: z.string(), changes: z.array(change) })),
  mixedScripts: z.array(z.object({ id: z.string(), word: z.string(), scripts: z.string() })),
  access: z.array(access),
  credentials: z.array(
    z.object({
      id: z.string(),
      changes: z.array(change.extend({ hasToAct: z.boolean() })),
    }),
  ),
  rotationOverlap: count.nullable(),
  settings: z.array(change.extend({ type: z.string(), customers: names })),
});

const refusalSchema = z.object({
  code: z.enum([...(Object.keys(namedRails) as NamedRail[]), "many", "empty"]),
  what: z.string(),
  names,
  groups: z.record(z.enum(countedEffects), names).optional(),
  instead: z.string(),
  trailers: names,
});

const plannedChange = z.object({
  address: z.string(),
  subject,
  action: z.enum(["create", "update", "delete", "replace", "forget", "import"]),
});

const overrideSchema = refusalSchema.extend({
  by: z.array(
    z.union([
      z.object({ commit: z.string(), author: z.string() }),
      z.object({ option: z.string() }),
    ]),
  ),
});

const plan = z.object({
  counts: z.object({ import: count, add: count, change: count, destroy: count, forget: count }),
  explained: z.array(plannedChange),
  drift: z.array(plannedChange.extend({ changes: z.array(change) })),
});

/** Schema of the output of `review --json`; docs/review-json.md describes each field. */
export const reviewJsonSchema = z.object({
  version: z.literal(jsonVersion),
  environment: z.string(),
  base: z.object({ ref: z.string(), commit: z.string() }).nullable(),
  head: z.object({ commit: z.string(), workTreeChanged: z.boolean() }).nullable(),
  comparedWith: z.object({ environment: z.string().nullable(), folder: z.string().nullable() }),
  editsReview: names,
  defaultLimits: z.enum(["unreadable", "none-before"]).nullable(),
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
  roles: z.object({
    added: z.array(role),
    removed: z.array(role),
    changed: z.array(role),
    needed: names,
    noLongerNeeded: names,
  }),
  groups: z.object({
    added: z.array(group),
    removed: z.array(group),
    changed: z.array(group),
  }),
  authentication: z.object({
    requirements: z.array(
      z.object({ permission: z.string(), from: names.nullable(), to: names.nullable() }),
    ),
    issuers: z.array(z.object({ name: z.string(), from: nullable, to: nullable })),
    keyHosts: z.object({ from: names, to: names }).nullable(),
    rotationOverlap: z.object({ from: count.nullable(), to: count.nullable() }).nullable(),
  }),
  settings: z.array(change.extend({ subject, address: z.string() })),
  parts: z.array(
    z.object({
      address: z.string(),
      subject,
      change: z.enum(["added", "removed"]),
      values: z.array(change),
    }),
  ),
  replaced: z.array(subject.extend({ because: z.string() })),
  refused: z.array(refusalSchema),
  overruled: z.array(overrideSchema),
  plan: plan.nullable(),
});

/** Output of `review --json`. */
export type ReviewJson = z.infer<typeof reviewJsonSchema>;
