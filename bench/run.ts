import { isAbortError } from "../system/interruption.ts";
import { listed } from "../text/did-you-mean.ts";
import { endWith, UsageError } from "../text/errors.ts";

const benches = new Map([
  ["synth", () => import("./synth.ts")],
  ["backend", () => import("./backend.ts")],
  ["verify", () => import("./verify.ts")],
]);

const [name = ""] = process.argv.slice(2);
const isComparison = name === "" || name.startsWith("-");
const bench = isComparison ? () => import("./compare/main.ts") : benches.get(name);
if (!bench)
  endWith(new UsageError(`name a benchmark, or none to compare: ${listed([...benches.keys()])}`));
await bench().catch((error: unknown) => {
  if (!isAbortError(error)) endWith(error);
  console.error("interrupted");
  process.exit(130);
});
