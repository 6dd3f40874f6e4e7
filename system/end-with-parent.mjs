// Ends this process within a moment after its parent has ended, however that was: node --import <this file>. A thread looks, because a
// program may be busy for long. `?parent=<id>` names the parent, which may already have ended when this file is loaded.
import { setInterval } from "node:timers";
import { URL } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const milliseconds = 200;

if (isMainThread) {
  const parent = Number(new URL(import.meta.url).searchParams.get("parent") ?? process.ppid);
  const file = new URL(import.meta.url);
  new Worker(file, { workerData: { endWithParent: parent }, execArgv: [], env: {} }).unref();
} else if (workerData?.endWithParent !== undefined) {
  // Node loads this file in the program's own threads, too: they have other data
  setInterval(() => {
    if (process.ppid !== workerData.endWithParent) process.kill(process.pid, "SIGKILL");
  }, milliseconds);
}
