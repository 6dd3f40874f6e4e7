// Ends this process within a moment after another one has ended, for any reason: node --import <this file>?parent=<id>. A worker thread
// checks, because a program may be busy for long. The other process is the parent or another ancestor. It may already have ended when
// this file is loaded.
import { setInterval } from "node:timers";
import { URL } from "node:url";
import { isMainThread, Worker, workerData } from "node:worker_threads";

const milliseconds = 200;

if (isMainThread) {
  const file = new URL(import.meta.url);
  const endWith = { ancestor: Number(file.searchParams.get("parent")), parent: process.ppid };
  new Worker(file, { workerData: { endWith }, execArgv: [], env: {} }).unref();
} else if (workerData?.endWith !== undefined) {
  // Node loads this file in the program's own threads, too: they have other data
  const { ancestor, parent } = workerData.endWith;
  setInterval(() => {
    if (process.ppid !== parent || !exists(ancestor)) process.kill(process.pid, "SIGKILL");
  }, milliseconds);
}

function exists(id) {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return error.code !== "ESRCH";
  }
}
