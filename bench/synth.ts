/** Loads, validates and synthesizes 10 to 10,000 generated customers. Each number runs in a process of its own. */
import { execa } from "execa";
import { table } from "../text/table.ts";

const rows = [["customers", "load + validate", "synthesize", "peak memory"]];
for (const count of [10, 100, 1_000, 10_000]) {
  const once = `${import.meta.dirname}/synth-once.ts`;
  const { stdout } = await execa(process.execPath, ["system/run.mjs", once, String(count)]);
  const { load, synthesis, memory } = JSON.parse(stdout) as Record<string, number>;
  rows.push([
    String(count),
    `${load?.toFixed(2) ?? "?"} s`,
    `${synthesis?.toFixed(2) ?? "?"} s`,
    `${memory?.toFixed(0) ?? "?"} MB`,
  ]);
}
console.log(table(rows));
