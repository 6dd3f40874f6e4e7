/** Compares this project with other ways to manage customers: the same work, the same Keycloak, in turns. */
import { existsSync } from "node:fs";
import { loadavg } from "node:os";
import { relative, resolve } from "node:path";
import { needTerraform } from "../../operations/terraform/program.ts";
import { checkout } from "../../system/folders.ts";
import { interruptAtSignals } from "../../system/interruption.ts";
import { TemporaryFolder } from "../../system/temporary-folder.ts";
import { UsageError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { configCli } from "./contenders/config-cli.ts";
import type { ContenderKind } from "./contenders/contender.ts";
import { forEach } from "./contenders/for-each.ts";
import { oneStack, shards } from "./contenders/project.ts";
import { machine, versions } from "./measure/circumstances.ts";
import { mostSeconds } from "./measure/command.ts";
import { BenchKeycloak } from "./measure/server.ts";
import { writeReport } from "./report/report.ts";
import type { Results } from "./results.ts";
import { playRound, type Round } from "./round.ts";
import { tooSlow } from "./too-slow.ts";

/** The number of customers in each shard, about. */
const customersPerShard = 50;

/**
 * Measures all contenders with some numbers of customers, and writes the report.
 *
 * @throws the reason of the interruption, after everything that was started has ended
 */
export async function compare(sizes: readonly number[]): Promise<void> {
  interruptAtSignals();
  const { env } = process;
  const terraform = await needTerraform(env);
  const provider: Results["provider"] = env.ATLAS_PROVIDER === "official" ? "official" : "embedded";
  const jar = jarOf(env);
  const kinds = contenders(jar);
  await using folder = await TemporaryFolder.create();
  // everything that the contenders write is in it
  env.TMPDIR = folder.path;
  const before = load();
  console.log("starting Keycloak, and warming up …");
  await using keycloak = await BenchKeycloak.start(folder.path);
  const options = { keycloak, folder: folder.path, provider, onProgress } as const;
  await keycloak.warmUp();
  await playRound(kinds, { ...options, size: 10, name: "warm-up", only: ["first deploy"] });
  const circumstances = {
    date: new Date().toISOString().slice(0, 10),
    provider,
    machine: machine(),
    versions: await versions(keycloak, terraform, jar),
    contenders: kinds.map(({ name, isPeer }) => ({ name, isPeer })),
  } as const;
  const rounds: Round[] = [];
  for (const size of sizes) {
    const slow = tooSlow(kinds, rounds, size);
    const able = kinds.filter(({ name }) => !slow.includes(name));
    const round = await playRound(able, { ...options, size, name: String(size) });
    if (round.leftOut.length > 0) process.exitCode = 1;
    const reason = `the first deploy would take more than ${mostSeconds} s`;
    const notTried = slow.map((contender) => ({ contender, customers: size, reason }));
    rounds.push({ ...round, leftOut: [...notTried, ...round.leftOut] });
    // after each round, so that an interruption costs one round only
    await report({
      ...{ ...circumstances, load: [before, load()], sizes: sizes.slice(0, rounds.length) },
      figures: rounds.flatMap(({ figures }) => figures),
      leftOut: rounds.flatMap(({ leftOut }) => leftOut),
    });
  }
}

async function report(results: Results): Promise<void> {
  for (const file of await writeReport(results))
    console.log(`written: ${relative(checkout, file)}`);
}

function onProgress(line: string): void {
  console.log(`  ${line}`);
}

function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

function contenders(jar: string | undefined): ContenderKind[] {
  return [
    oneStack,
    shards(customersPerShard),
    forEach,
    ...(jar === undefined ? [] : [configCli(jar, false), configCli(jar, true)]),
  ];
}

function jarOf({ KCC_JAR }: NodeJS.ProcessEnv): string | undefined {
  if (!KCC_JAR) {
    console.log("NOT MEASURED: keycloak-config-cli, because KCC_JAR does not name its jar");
    return undefined;
  }
  const jar = resolve(KCC_JAR);
  if (!existsSync(jar)) throw new UsageError(`KCC_JAR: there is no file ${quoted(jar)}`);
  return jar;
}
