import { plural } from "../../../text/plural.ts";

/** A line on the terminal that shows how far a command is. It shows nothing if standard error is no terminal. */
export class ProgressLine implements Disposable {
  readonly #verb: string;
  readonly #noun: string;

  /** @param verb what is done with each one, as in `verified 3 of 12 customers` */
  constructor(verb: string, noun: string) {
    this.#verb = verb;
    this.#noun = noun;
  }

  readonly show = (done: number, all: number): void => {
    this.#write(`${this.#verb} ${done.toLocaleString("en-US")} of ${plural(all, this.#noun)}`);
  };

  #write(text: string): void {
    // the rest of a longer line before it is erased
    if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001B[K`);
  }

  /** Removes the line. */
  [Symbol.dispose](): void {
    this.#write("");
  }
}
