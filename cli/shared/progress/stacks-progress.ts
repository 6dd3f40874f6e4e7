import { createLogUpdate } from "log-update";
import pLimit from "p-limit";
import patchConsole from "patch-console";
import type { StacksProgress, StackVerb } from "../../../operations/terraform/terraform-runs.ts";
import { plural } from "../../../text/plural.ts";

const pastTense: Record<StackVerb, string> = {
  plan: "planned",
  apply: "applied",
  move: "moved",
};
const presentTense: Record<StackVerb, string> = {
  plan: "planning",
  apply: "applying",
  move: "moving",
};

/** The lines that are on the terminal now. */
let linesOnTerminal: { hide(): void; show(): void } | undefined;
const oneAtATime = pLimit(1);

/**
 * Does something that needs the terminal for itself, for example a question. Several such things follow each other, and the lines of stacks are
 * hidden meanwhile.
 */
export function aloneOnTerminal<T>(work: () => Promise<T>): Promise<T> {
  return oneAtATime(async () => {
    linesOnTerminal?.hide();
    try {
      return await work();
    } finally {
      linesOnTerminal?.show();
    }
  });
}

/** Reports each stack that is done on a line of its own, and ends with a summary. */
export function plainLines(verb: StackVerb, of: number): StacksProgress {
  const start = performance.now();
  let done = 0;
  return {
    onStart: () => undefined,
    onDone(stack) {
      done += 1;
      console.error(`${pastTense[verb]} ${stack} (${done} of ${plural(of, "stack")})`);
    },
    onFailed: () => undefined,
    [Symbol.dispose]() {
      console.error(summary(verb, done, of, start));
    },
  };
}

/**
 * Shows a line for each stack that is being worked on, below everything that is printed meanwhile. In the end, a summary replaces the lines.
 */
export function onTerminal(verb: StackVerb, of: number): StacksProgress {
  const start = performance.now();
  const lines = createLogUpdate(process.stderr, { showCursor: true });
  const running = new Set<string>();
  let done = 0;
  let isHidden = false;
  const show = () => {
    if (isHidden) return;
    const each = [...running].map((stack) => `${presentTense[verb]} ${stack} …`);
    lines([...each, `${pastTense[verb]} ${done} of ${plural(of, "stack")}`].join("\n"));
  };
  const restoreConsole = patchConsole((stream, text) => {
    lines.clear();
    process[stream].write(text);
    show();
  });
  linesOnTerminal = {
    hide() {
      isHidden = true;
      lines.clear();
    },
    show() {
      isHidden = false;
      show();
    },
  };
  show();
  return {
    onStart(stack) {
      running.add(stack);
      show();
    },
    onDone(stack) {
      running.delete(stack);
      done += 1;
      show();
    },
    onFailed(stack) {
      running.delete(stack);
      show();
    },
    [Symbol.dispose]() {
      restoreConsole();
      linesOnTerminal = undefined;
      lines.clear();
      console.error(summary(verb, done, of, start));
    },
  };
}

/** How many stacks are done, and how long it took: `planned 21 stacks in 12 s`. */
function summary(verb: StackVerb, done: number, of: number, start: number): string {
  const seconds = Math.round((performance.now() - start) / 1_000);
  const some = done === of ? "" : `${done} of `;
  return `${pastTense[verb]} ${some}${plural(of, "stack")} in ${seconds.toLocaleString("en-US")} s`;
}
