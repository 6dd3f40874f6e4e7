import type { DeclarationChange } from "../compare/declaration-change.ts";
import type { Entity } from "../compare/resources/entity.ts";
import { byEffect } from "../guard/losses/loss.ts";
import type { Override, Refusal } from "../guard/verdict.ts";
import type { Report } from "../report.ts";
import { describeRefusal, optionName, trailerText } from "./refusal.ts";
import { jsonVersion, type ReviewJson, reviewJsonSchema } from "./json-schema.ts";
import { becauseText } from "./wording.ts";

/** A review as JSON. */
export function toJson(report: Report): ReviewJson {
  const { environment, base, head, comparedWith, editsReview, verdict, plan: planned } = report;
  const { realm, realmBefore, settings, otherResources, replaced, ...change } =
    report.change ?? unchanged(report);
  return reviewJsonSchema.parse({
    version: jsonVersion,
    environment,
    base: base ?? null,
    head: head ?? null,
    comparedWith: {
      environment: comparedWith?.environment ?? null,
      folder: comparedWith?.folder ?? null,
    },
    editsReview,
    defaultLimits: report.defaultLimits ?? null,
    realm: { before: realmBefore, after: realm },
    ...change,
    settings: settings.map(withSubject),
    parts: otherResources.map(withSubject),
    replaced: replaced.map((each) => ({ ...each, because: becauseText(each) })),
    refused: verdict.refused.map(refusalJson),
    overruled: verdict.overridden.map(overrideJson),
    plan: planned
      ? {
          ...planned,
          explained: planned.explained.map(withSubject),
          drift: planned.drift.map(withSubject),
        }
      : null,
  });
}

/** The JSON has the entity of something in the field `subject`. */
function withSubject<T extends { readonly entity: Entity }>({ entity, ...rest }: T) {
  return { subject: entity, ...rest };
}

function refusalJson(refusal: Refusal): ReviewJson["refused"][number] {
  const {
    code,
    names: [...affected],
    trailer,
  } = refusal;
  const { what, instead } = describeRefusal(refusal);
  return {
    code,
    what,
    names: [...affected],
    ...("groups" in refusal && { groups: byEffect((effect) => [...refusal.groups[effect]]) }),
    instead,
    trailers: [trailerText(trailer)],
  };
}

function overrideJson(override: Override): ReviewJson["overruled"][number] {
  const option = optionName(override.trailer.key);
  const by = override.by.map((source) =>
    source === "option" ? { option } : { commit: source.commit, author: source.author },
  );
  return { ...refusalJson(override), by };
}

/** The fields of a change for a report that reviews only a plan. */
function unchanged({ realm, customers: count }: Report): DeclarationChange {
  const none = { added: [], removed: [], changed: [] };
  const customers = {
    ...{ before: count, after: count, suspended: [], resumed: [], access: [], renamed: [] },
    ...{ mixedScripts: [], credentials: [], rotationOverlap: null, settings: [] },
    realmLifespans: { before: undefined, after: undefined },
  };
  return {
    realm,
    realmBefore: realm,
    customers: { ...none, ...customers },
    apis: none,
    frontends: none,
    roles: { ...none, needed: [], noLongerNeeded: [] },
    groups: none,
    authentication: { requirements: [], issuers: [], keyHosts: null, rotationOverlap: null },
    settings: [],
    otherResources: [],
    replaced: [],
  };
}
