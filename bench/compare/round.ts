import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { interruption } from "../../system/interruption.ts";
import { type Customers, generatedCustomers, withOneMoreWriter } from "../generated-customers.ts";
import type { Contender, ContenderKind } from "./contenders/contender.ts";
import { checkTokens } from "./measure/check-tokens.ts";
import { measured } from "./measure/command.ts";
import type { BenchKeycloak } from "./measure/server.ts";
import type { Figure, LeftOut, Sample } from "./results.ts";
import { type Work, workNames, works } from "./work.ts";

const repetitions = 3;
/** A work is not repeated if all its repetitions took longer than this. */
const enoughSeconds = 10;

/** Result of a round. */
export interface Round {
  readonly figures: readonly Figure[];
  readonly leftOut: readonly LeftOut[];
}

/** Where a round is, and what it tells about its progress. */
export interface RoundOptions {
  readonly keycloak: BenchKeycloak;
  /** The folder in which the contenders get theirs. */
  readonly folder: string;
  readonly provider: "embedded" | "official";
  /** The number of customers. */
  readonly size: number;
  /** The round in the names of realms. */
  readonly name: string;
  /** What is measured, by default everything. */
  readonly only?: readonly Work[];
  readonly onProgress: (line: string) => void;
}

/** A contender in a round. */
interface Participant extends Contender {
  readonly name: string;
  customers: Customers;
  readonly figures: Map<Work, Sample[]>;
  failure?: string;
}

/** Lets contenders do all work with one number of customers. They take turns. */
export async function playRound(
  kinds: readonly ContenderKind[],
  options: RoundOptions,
): Promise<Round> {
  const { size, only = workNames } = options;
  const participants: Participant[] = [];
  try {
    for (const kind of kinds) participants.push(await enter(kind, options));
    for (const work of only) {
      for (
        let repetition = 0;
        repetition < (works[work].repeats ? repetitions : 1);
        repetition += 1
      )
        // another one begins each time
        for (const participant of rotated(participants, repetition))
          await takeTurn(participant, work, options);
    }
  } finally {
    for (const participant of participants) await participant[Symbol.asyncDispose]();
  }
  return {
    figures: participants.flatMap(({ name, figures }) =>
      [...figures].map(([work, samples]) => ({ contender: name, customers: size, work, samples })),
    ),
    leftOut: participants.flatMap(({ name, failure }) =>
      failure === undefined ? [] : [{ contender: name, customers: size, reason: failure }],
    ),
  };
}

async function enter(kind: ContenderKind, options: RoundOptions): Promise<Participant> {
  const realm = `${kind.name.toLowerCase().replaceAll(/[^a-z]+/g, "-")}-${options.name}`;
  const folder = join(options.folder, realm);
  await mkdir(folder);
  const contender = await kind.prepare({ ...options, folder, realm });
  const customers = generatedCustomers(options.size);
  return { ...contender, name: kind.name, customers, figures: new Map() };
}

/** Does a work once, unless the contender cannot do it, has failed, or has done it long enough. */
async function takeTurn(
  participant: Participant,
  work: Work,
  { keycloak, size, onProgress }: RoundOptions,
): Promise<void> {
  const command = participant.command(work);
  const samples = participant.figures.get(work) ?? [];
  const spent = samples.reduce((sum, { seconds }) => sum + seconds, 0);
  if (!command || spent > enoughSeconds || participant.failure !== undefined) return;
  const label = `${size.toLocaleString("en-US")} customers, ${work}: ${participant.name}`;
  try {
    const changed = change(participant, work, samples.length);
    if (changed !== undefined) await participant.declare(participant.customers);
    const [requests, since] = [await keycloak.requests(), Date.now()];
    const cost = await measured(command);
    const sample = {
      ...cost,
      requests: (await keycloak.requests()) - requests - 1,
      eventRows: await keycloak.eventRows(participant.realm, since),
    };
    await checkTokens(keycloak, participant.realm, participant.customers, changed);
    participant.figures.set(work, [...samples, sample]);
    onProgress(`${label} … ${cost.seconds.toFixed(1)} s`);
  } catch (error) {
    interruption.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    const [reason = ""] = message.split("\n");
    participant.failure = `${work}: ${reason}`;
    onProgress(`${label} … failed\n${message}`);
  }
}

/** Changes what a contender declares, as a work demands. @returns the customers that it is about; undefined if nothing changes */
function change(
  participant: Participant,
  work: Work,
  repetition: number,
): readonly string[] | undefined {
  const { customers } = participant;
  const count = Object.keys(customers).length;
  if (work === "first deploy") return [];
  if (work === "add one") {
    participant.customers = generatedCustomers(count + 1);
    return [`customer-${count}`];
  }
  if (work === "change one permission") {
    const id = `customer-${2 * repetition}`;
    participant.customers = withOneMoreWriter(customers, id);
    return [id];
  }
  return undefined;
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const first = by % Math.max(1, list.length);
  return [...list.slice(first), ...list.slice(0, first)];
}
