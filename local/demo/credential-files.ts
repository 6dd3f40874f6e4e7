import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shellQuoted } from "../../text/shell-quoted.ts";
import type { AppVariables } from "./third-party.ts";

/** Files for the demo's secrets that only their owner can read, so that no secret has to be shown. They are removed when they go out of scope. */
export class CredentialFiles implements AsyncDisposable {
  readonly #folder: string;

  /** @param folder a folder that contains nothing else */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes a customer's credentials for a shell to read. @returns the file */
  ofApp(variables: AppVariables): Promise<string> {
    // a proxy cannot reach the demo
    const local = "localhost,127.0.0.1";
    const all = { ...variables, NO_PROXY: local, no_proxy: local };
    const lines = Object.entries<string | undefined>(all).map(
      ([name, value = ""]) => `export ${name}=${shellQuoted(value)}\n`,
    );
    return this.#write(`${variables.CLIENT_ID}.env`, lines.join(""));
  }

  /** Writes a user's password. @returns the file */
  ofUser(username: string, password: string): Promise<string> {
    return this.#write(`${username}.password`, `${password}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #write(name: string, text: string): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = join(this.#folder, name);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  }
}
