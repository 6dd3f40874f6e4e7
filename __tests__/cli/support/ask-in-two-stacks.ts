import { agrees } from "../../../cli/shared/agrees.ts";
import { paceOf } from "../../../cli/shared/progress/pace.ts";
import { aloneOnTerminal } from "../../../cli/shared/progress/stacks-progress.ts";

// two of three stacks ask at once, and the third is done meanwhile
const interrupted = new AbortController().signal;
using progress = paceOf({}).onStacks?.("apply", 3);
const names = ["customers-1", "customers-2"];
const asking = names.map((name) => {
  progress?.onStart(name);
  return aloneOnTerminal(() => agrees(`apply ${name}?`, interrupted));
});
await Promise.resolve();
progress?.onDone("realm");
await Promise.all(asking);
