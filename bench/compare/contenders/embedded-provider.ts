/** Runs the embedded provider until its standard input ends. Prints the value of TF_REATTACH_PROVIDERS. */
import { once } from "node:events";
import { startEmbeddedProvider } from "embedded-provider";

const provider = await startEmbeddedProvider(process.env);
console.log(provider.reattach);
process.stdin.resume();
await once(process.stdin, "end");
await provider.stop();
