import { shardsOutput } from "../../../constructs/shards/shard-of.ts";
import type { Workspace } from "../terraform.ts";
import { pulledState } from "./state.ts";

/** The number of shards that the states of customers are in. */
export interface StoredShards {
  /** The number that was deployed last. */
  readonly count: number;
  /** The number to which a move of states has begun that is not complete. */
  readonly movingTo?: number;
}

/** A state, as far as it tells the number of shards. */
interface WithOutputs {
  readonly outputs?: Readonly<Record<string, { readonly value?: unknown }>>;
}

/**
 * The number of shards in the stored state of a realm's stack.
 *
 * @returns undefined if the state does not tell, as that of a realm in one stack
 * @throws UnavailableError if the state cannot be read
 */
export async function storedShards(realm: Workspace): Promise<StoredShards | undefined> {
  return shardsIn((await pulledState(realm)) as WithOutputs | null);
}

/** The number of shards in a state of a realm's stack; see {@link storedShards}. */
export function shardsIn(state: WithOutputs | null | undefined): StoredShards | undefined {
  const text = String(state?.outputs?.[shardsOutput]?.value);
  const [, count, movingTo] = /^(\d+)(?: to (\d+))?$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  return { count: Number(count), ...(movingTo !== undefined && { movingTo: Number(movingTo) }) };
}

/** The output of a realm's stack for a number of shards; undefined for one stack, which has none. */
export function shardsOutputOf({
  count,
  movingTo,
}: StoredShards): { readonly value: unknown; readonly type: string } | undefined {
  if (movingTo !== undefined) return { value: `${count} to ${movingTo}`, type: "string" };
  return count === 1 ? undefined : { value: count, type: "number" };
}
