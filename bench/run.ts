import { listed } from "../text/did-you-mean.ts";
import { endWith, UsageError } from "../text/errors.ts";

const benches = new Map([
  ["synth", () => import("./synth.ts")],
  ["backend", () => import("./backend.ts")],
  ["verify", () => import("./verify.ts")],
]);

const bench = benches.get(process.argv[2] ?? "");
if (!bench) endWith(new UsageError(`name a benchmark: ${listed([...benches.keys()])}`));
await bench().catch(endWith);
