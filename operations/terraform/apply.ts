import { execa } from "execa";
import { isStaleOutput, isTransientOutput, lockHint } from "./output/output.ts";
import { terraformCommand, terraformName } from "./program.ts";
import { readableOutput } from "./output/readable-output.ts";
import type { Workspace } from "./terraform.ts";

/** A problem of an apply, which terraform or a command reported. */
export interface ApplyProblem {
  /** The message. */
  readonly message: string;
  /** Whether a later attempt may succeed without any change. */
  readonly isTransient: boolean;
  /** Whether another run has written the state since the plan was made on it. */
  readonly isStale?: boolean;
  /** Whether something was refused: a later attempt does the same. */
  readonly isRefused?: boolean;
}

/** Interruption and progress reports of an apply. */
export interface ApplyOptions {
  /** Asks terraform once to stop gracefully. */
  readonly interrupted: AbortSignal;
  /** Called for each resource when it is done. */
  readonly onDone: (address: string, action: string) => void;
}

/**
 * Applies a saved plan. Reports every resource as it is done, so the caller knows them even if terraform is killed.
 *
 * @returns the problems, none if everything is done
 * @throws the reason of the interruption if it is interrupted before it starts
 */
export async function apply(
  { folder, variables }: Workspace,
  file: string,
  { interrupted, onDone }: ApplyOptions,
): Promise<readonly ApplyProblem[]> {
  interrupted.throwIfAborted();
  const child = execa(terraformCommand(variables), ["apply", "-json", file], {
    cwd: folder,
    env: variables,
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    // in its own process group: a second Ctrl-C, from the terminal and from here, would make terraform give up
    detached: true,
  });
  const interrupt = () => child.kill("SIGINT");
  interrupted.addEventListener("abort", interrupt);
  const problems: string[] = [];
  for await (const line of child) {
    const message = parsed(line);
    if (message?.type === "apply_complete" && message.hook) {
      onDone(message.hook.resource.addr, message.hook.action);
    } else if (message?.type === "diagnostic" && message.diagnostic?.severity === "error") {
      problems.push(diagnosticText(message.diagnostic));
    }
  }
  interrupted.removeEventListener("abort", interrupt);
  const { exitCode, signal, stderr } = await child;
  if (exitCode !== 0 && problems.length === 0) {
    const name = terraformName(variables);
    problems.push(signal ? `${name} was ended by ${signal}` : stderr || `${name} failed`);
  }
  return problems.map((output) => ({
    message: readableOutput(output, variables),
    isTransient: isTransientOutput(output),
    isStale: isStaleOutput(output),
  }));
}

/**
 * A line of terraform's machine-readable output.
 *
 * @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 */
interface Message {
  readonly type: string;
  readonly hook?: { readonly resource: { readonly addr: string }; readonly action: string };
  readonly diagnostic?: Diagnostic;
}

interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
}

function parsed(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}

function diagnosticText({ summary, detail, address }: Diagnostic): string {
  const where = address === undefined ? "" : `${address}: `;
  const text = [summary, detail].filter((part) => part !== "").join(": ");
  return `${where}${text}${lockHint(detail)}`;
}
