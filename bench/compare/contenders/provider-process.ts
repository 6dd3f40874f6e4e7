import { once } from "node:events";
import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "../../../system/folders.ts";
import { FailedError } from "../../../text/errors.ts";

/** An embedded provider in a process of its own, so that its memory can be measured. */
export interface ProviderProcess {
  readonly pid: number;
  /** The variables with which terraform attaches to it. */
  readonly variables: NodeJS.ProcessEnv;
  readonly stop: () => Promise<void>;
}

/** Starts an embedded provider. It ends with this process. */
export async function startProviderProcess(variables: NodeJS.ProcessEnv): Promise<ProviderProcess> {
  const program = join(import.meta.dirname, "embedded-provider.ts");
  const child = execa(process.execPath, ["system/run.mjs", program], {
    ...{ cwd: checkout, env: variables, extendEnv: false },
    ...{ stdin: "pipe", stdout: "pipe", stderr: "inherit", buffer: false, reject: false },
    // in its own process group, which Ctrl-C in a terminal does not reach
    detached: true,
  });
  const ended = child.then(() => {
    throw new FailedError("the embedded provider does not start");
  });
  const [line] = (await Promise.race([once(child.stdout, "data"), ended])) as [Buffer];
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    variables: { ...variables, TF_REATTACH_PROVIDERS: line.toString().trim() },
    stop: async () => {
      child.stdin.end();
      await child;
    },
  };
}
