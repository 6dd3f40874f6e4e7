import type { Work } from "./work.ts";

/** What one run of a command cost. */
export interface Sample {
  readonly seconds: number;
  /** The largest sum of the resident memory of all its processes. Memory that they share counts for each. */
  readonly megabytes: number;
  /** The requests that Keycloak answered meanwhile. */
  readonly requests: number;
  /** The rows in Keycloak's table of admin events and in that of sign-ins. */
  readonly eventRows: number;
}

/** What one work cost a contender. */
export interface Figure {
  readonly contender: string;
  readonly customers: number;
  readonly work: Work;
  readonly samples: readonly Sample[];
}

/** The reason why a contender was not measured, or not to the end. */
export interface LeftOut {
  readonly contender: string;
  readonly customers: number;
  /** One line. */
  readonly reason: string;
}

/** Result of a benchmark. */
export interface Results {
  /** The day, in UTC. */
  readonly date: string;
  readonly provider: "embedded" | "official";
  /** Processor, cores, memory and operating system. */
  readonly machine: string;
  /** Average number of runnable processes in the last minute before and after. */
  readonly load: readonly [number, number];
  readonly versions: Readonly<Record<string, string>>;
  readonly contenders: readonly { readonly name: string; readonly isPeer: boolean }[];
  readonly sizes: readonly number[];
  readonly figures: readonly Figure[];
  readonly leftOut: readonly LeftOut[];
}
