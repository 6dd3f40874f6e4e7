import { sorted } from "../compare/values.ts";
import { countRail } from "./count-rail.ts";
import { scopesOfApi } from "./losses/ended.ts";
import {
  type Losses,
  namedKey,
  type NamedLoss,
  type NamedRail,
  namedRails,
} from "./losses/loss.ts";
import type { NamedRefusal, OverrideSource, Rails, Verdict } from "./verdict.ts";

/** Checks losses against the guard rails. */
export function guard(losses: Losses, { limits, allowed, trailers = new Map() }: Rails): Verdict {
  const named = separate(losses.named);
  const sourceOf = (loss: NamedLoss): OverrideSource | undefined => {
    const key = namedKey(loss);
    if (allowed.names.has(key)) return "option";
    return loss.isAdoption ? undefined : trailers.get(key);
  };
  const rails = Object.keys(namedRails) as NamedRail[];
  const verdicts = [
    ...rails.map((rail) =>
      namedRail(
        rail,
        named.filter((loss) => loss.rail === rail),
        sourceOf,
      ),
    ),
    countRail(losses, { limits, allowed, trailers }),
  ];
  return {
    refused: verdicts.flatMap(({ refused }) => refused),
    overridden: verdicts.flatMap(({ overridden }) => overridden),
  };
}

/** The losses that are refused, whatever the trailers say; undefined if nothing is refused. */
export function refusedLosses(
  losses: Losses,
  rails: Rails,
): Pick<Losses, "named" | "counted"> | undefined {
  const { refused } = guard(losses, rails);
  if (refused.length === 0) return undefined;
  const names = new Set(
    refused.flatMap((refusal) =>
      refusal.names.map((name) => exactKey({ rail: refusal.code, name })),
    ),
  );
  const isCounted = refused.some(({ code }) => code === "many" || code === "empty");
  return {
    named: losses.named.filter((loss) => names.has(exactKey(loss))),
    counted: isCounted ? losses.counted : [],
  };
}

/** The losses without duplicates, of which the last one counts, and without those that another one contains. */
function separate(losses: readonly NamedLoss[]): NamedLoss[] {
  const unique = new Map(losses.map((loss) => [exactKey(loss), loss]));
  const all = [...unique.values()];
  const realm = all.find(({ rail, name }) => rail === "replacement" && name.startsWith("realm "));
  const ofApis = new Set(
    all.flatMap((loss) =>
      isEnd(loss) && loss.name.startsWith("API ")
        ? scopesOfApi(loss.name.slice("API ".length)).map((scope) => `scope ${scope}`)
        : [],
    ),
  );
  // a recreated realm recreates everything in it, and an API takes its own scopes with it
  return all.filter(
    (loss) =>
      !(realm && loss !== realm && ["replacement", "new-secret"].includes(loss.rail)) &&
      !(isEnd(loss) && ofApis.has(loss.name)),
  );
}

function exactKey({ rail, name }: { readonly rail: string; readonly name: string }): string {
  return JSON.stringify([rail, name]);
}

function isEnd({ rail }: NamedLoss): boolean {
  return rail === "removal" || rail === "switched-off";
}

function namedRail(
  code: NamedRail,
  losses: readonly NamedLoss[],
  sourceOf: (loss: NamedLoss) => OverrideSource | undefined,
): Verdict {
  const names = new Map<OverrideSource | undefined, string[]>();
  for (const loss of losses) {
    const source = sourceOf(loss);
    const group = names.get(source) ?? [];
    names.set(source, group);
    group.push(loss.name);
  }
  return {
    refused: refusals(code, names.get(undefined)),
    overridden: [...names].flatMap(([source, group]) =>
      source ? refusals(code, group).map((each) => ({ ...each, by: [source] })) : [],
    ),
  };
}

function refusals(code: NamedRail, all: readonly string[] = []): NamedRefusal[] {
  if (all.length === 0) return [];
  const names = sorted(all);
  return [{ code, names, trailer: { key: namedRails[code], value: names.join(", ") } }];
}
