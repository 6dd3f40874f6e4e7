import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AppVariables } from "./third-party.ts";

/** Files that only their owner may read, with what is secret while the demo runs: nothing of it has to be shown. */
export class CredentialFiles {
  readonly #folder: string;

  /** @param folder one of their own */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** A customer's credentials, for a shell to read. @returns the file */
  ofApp(variables: AppVariables): Promise<string> {
    const lines = Object.entries(variables).map(
      ([name, value = ""]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`,
    );
    return this.#write(`${variables.CLIENT_ID}.env`, lines.join(""));
  }

  /** A user's password. @returns the file */
  ofUser(username: string, password: string): Promise<string> {
    return this.#write(`${username}.password`, `${password}\n`);
  }

  /** Removes them all. */
  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #write(name: string, text: string): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = join(this.#folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  }
}
