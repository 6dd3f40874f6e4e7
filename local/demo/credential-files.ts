import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { shellQuoted } from "../../text/shell-quoted.ts";
import type { AppVariables } from "./third-party.ts";

/** Files for the demo's secrets that only their owner can read, so that no secret has to be shown. They are removed when they go out of scope. */
export class CredentialFiles implements AsyncDisposable {
  readonly #folder: string;
  readonly #variables: NodeJS.ProcessEnv;

  /**
   * @param folder a folder that contains nothing else
   * @param variables the environment variables of the demo, in which NO_PROXY excepts this machine
   */
  constructor(folder: string, variables: NodeJS.ProcessEnv) {
    this.#folder = folder;
    this.#variables = variables;
  }

  /** Writes a customer's credentials for a shell to read. @returns the file */
  ofApp(app: AppVariables): Promise<string> {
    // a proxy cannot reach the demo
    const { NO_PROXY, no_proxy } = this.#variables;
    const lines = Object.entries<string | undefined>({ ...app, NO_PROXY, no_proxy }).map(
      ([name, value = ""]) => `export ${name}=${shellQuoted(value)}\n`,
    );
    return this.#write(`${app.CLIENT_ID}.env`, lines.join(""));
  }

  /** Writes a person's password. @returns the file */
  ofPerson(username: string, password: string): Promise<string> {
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
