import { paceOf } from "../../../cli/shared/progress/pace.ts";

// works on three stacks, of which the last one fails
using progress = paceOf({}).onStacks?.("plan", 3);
for (const name of ["realm", "customers-1", "customers-2"]) progress?.onStart(name);
progress?.onDone("realm");
console.log("printed meanwhile");
progress?.onDone("customers-1");
progress?.onFailed("customers-2");
