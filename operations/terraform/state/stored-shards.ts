import { shardsOutput } from "../../../constructs/shards/shard-of.ts";
import type { Workspace } from "../terraform.ts";
import { pulledState } from "./state.ts";

/** The number of shards that the states of customers are in. */
export interface StoredShards {
  /** The number that was deployed last. */
  readonly count: number;
  /** The largest number of an interrupted move, whose shards may have states. */
  readonly movingUpTo?: number;
}

/** A state, as far as it has the number of shards. */
interface WithOutputs {
  readonly outputs?: Readonly<Record<string, { readonly value?: unknown }>>;
}

/**
 * The number of shards in the stored state of a realm's stack.
 *
 * @returns undefined if the state does not have it, as that of a realm in one stack
 * @throws UnavailableError if the state cannot be read
 */
export async function storedShards(realm: Workspace): Promise<StoredShards | undefined> {
  return numberOfShards((await pulledState(realm)) as WithOutputs | null);
}

/** The number of shards in a state of a realm's stack; see {@link storedShards}. */
export function numberOfShards(state: WithOutputs | null | undefined): StoredShards | undefined {
  const text = String(state?.outputs?.[shardsOutput]?.value);
  const [, count, most] = /^(\d+)(?:, moving up to (\d+))?$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  return { count: Number(count), ...(most !== undefined && { movingUpTo: Number(most) }) };
}

/** The output of a realm's stack for a number of shards; see {@link numberOfShards}. */
export function shardsOutputOf({ count, movingUpTo }: StoredShards): {
  readonly value: unknown;
  readonly type: string;
} {
  return movingUpTo === undefined
    ? { value: count, type: "number" }
    : { value: `${count}, moving up to ${movingUpTo}`, type: "string" };
}
