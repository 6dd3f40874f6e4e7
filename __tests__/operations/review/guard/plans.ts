import {
  allowedBy,
  nothingAllowed,
  type Trailer,
} from "../../../../operations/review/guard/allowed.ts";
import { guard } from "../../../../operations/review/guard/guard.ts";
import type { Losses } from "../../../../operations/review/guard/losses/loss.ts";
import { lossesOfPlan } from "../../../../operations/review/guard/losses/losses.ts";
import { trailerText } from "../../../../operations/review/render/refusal.ts";
import { pairSides } from "../../../../operations/review/compare/resources/pairs.ts";
import type { Planned, ResourceChange } from "../../../../operations/terraform/plan.ts";
import { limits, planned, side } from "../synthesized-sides.ts";

/** A client of a customer that is not suspended. */
export const client = (id: string, more: object = {}) => ({
  client_id: id,
  access_type: "CONFIDENTIAL",
  service_accounts_enabled: true,
  enabled: true,
  ...more,
});

/** The client of an API. */
export const api = (id: string) => client(id, { service_accounts_enabled: false });

/** The client of a frontend. */
export const frontend = (id: string) =>
  client(id, { access_type: "PUBLIC", service_accounts_enabled: false });

let resources = 0;

/** A change of a resource at an address of its own. */
export const change = (
  type: string,
  actions: readonly string[],
  before: object | null,
  after: object | null = null,
): ResourceChange =>
  planned(
    `keycloak_${type}.r${resources++}`,
    actions,
    before && { ...before },
    after && { ...after },
  );

/** The deletion of a resource. */
export const deleted = (type: string, before: object) => change(type, ["delete"], before);

/** The clients of 40 customers that do not change. */
export const kept = Array.from({ length: 40 }, (_, index) =>
  change("openid_client", ["no-op"], client(`kept${index}`), client(`kept${index}`)),
);

/** Trailers as options or as a commit has them: `Allow-removal: acme`. */
export const allowing = (...texts: readonly string[]) =>
  allowedBy(
    texts.map((text) => {
      const [key = "", value = ""] = text.split(/: (.*)/s);
      return { key, value } as Trailer;
    }),
  );

/** The verdict of the guard on losses, with the default limits: a line for each refusal. */
export const verdictOn = (losses: Losses, allowed = nothingAllowed) => {
  const { refused, overridden } = guard(losses, { limits, allowed });
  const shown = (list: typeof refused) =>
    list.map(({ code, names, trailer }) => `${code} ${names.join(",")} <- ${trailerText(trailer)}`);
  return { refused: shown(refused), overridden: shown(overridden) };
};

const declared = pairSides(undefined, side({ customers: {} }));

/** The losses of a plan that renames no customer, in a realm without an overlap of secrets. */
export const lossesIn = (plan: Planned, today?: string) => lossesOfPlan(plan, declared, today);

/** The verdict on a plan with the given changes, among {@link kept} customers. */
export const verdictOnPlan = (changes: readonly ResourceChange[], ...allowed: readonly string[]) =>
  verdictOn(lossesIn({ changes: [...kept, ...changes], adopted: [] }), allowing(...allowed));
