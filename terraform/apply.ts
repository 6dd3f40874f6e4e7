import { execa } from "execa";
import type { Workspace } from "./terraform.ts";
import { lockWords } from "./terraform.ts";

/** How an apply ended. */
export interface Applied {
  /** The addresses of what is done. */
  readonly done: ReadonlySet<string>;
  /** Terraform's words for what went wrong, nothing if all is done. */
  readonly problems: readonly string[];
}

/** How to apply. */
export interface ApplyOptions {
  /** Asks terraform, once, to end in order. */
  readonly interrupted: AbortSignal;
  /** Hears of each resource as it is done. */
  readonly onDone: (address: string, action: string) => void;
}

/** Applies a saved plan, and learns what of it is done even if terraform is killed on the way. */
export async function apply(
  { folder, variables }: Workspace,
  file: string,
  { interrupted, onDone }: ApplyOptions,
): Promise<Applied> {
  const child = execa("terraform", ["apply", "-json", file], {
    cwd: folder,
    env: variables,
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    // in a group of its own: a second Ctrl-C, from a terminal and from here, would make terraform give up
    detached: true,
  });
  const interrupt = () => child.kill("SIGINT");
  interrupted.addEventListener("abort", interrupt);
  const done = new Set<string>();
  const problems: string[] = [];
  for await (const line of child) {
    const message = parsed(line);
    if (message?.type === "apply_complete" && message.hook) {
      done.add(message.hook.resource.addr);
      onDone(message.hook.resource.addr, message.hook.action);
    } else if (message?.type === "diagnostic" && message.diagnostic?.severity === "error") {
      problems.push(words(message.diagnostic));
    }
  }
  interrupted.removeEventListener("abort", interrupt);
  const { exitCode, signal, stderr } = await child;
  if (exitCode !== 0 && problems.length === 0)
    problems.push(signal ? `terraform was ended by ${signal}` : stderr || "terraform failed");
  return { done, problems };
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

function words({ summary, detail, address }: Diagnostic): string {
  const where = address === undefined ? "" : `${address}: `;
  const text = [summary, detail].filter((part) => part !== "").join(": ");
  return `${where}${text}${lockWords(detail)}`;
}
