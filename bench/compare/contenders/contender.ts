import type { Customers } from "../../generated-customers.ts";
import type { Command } from "../measure/command.ts";
import type { BenchKeycloak } from "../measure/server.ts";
import type { Work } from "../work.ts";

/** One way to manage customers, with a realm and a folder of its own. */
export interface Contender extends AsyncDisposable {
  readonly realm: string;
  /** Writes the files that declare customers. That takes no measured time. */
  declare(customers: Customers): Promise<void>;
  /** The command that does a work; undefined if it has none. */
  command(work: Work): Command | undefined;
}

/** Where a contender works. */
export interface Place {
  readonly keycloak: BenchKeycloak;
  readonly realm: string;
  /** An empty folder. */
  readonly folder: string;
  readonly provider: "embedded" | "official";
  /** The number of customers that it starts with. */
  readonly size: number;
}

/** A kind of contender. */
export interface ContenderKind {
  readonly name: string;
  /** Whether it is another tool, or another way to use the same one. */
  readonly isPeer: boolean;
  readonly prepare: (place: Place) => Promise<Contender>;
}
