import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { stateFolder } from "../system/folders.ts";
import { UnavailableError } from "../text/errors.ts";

/** A JSON file in the state folder that only its owner can read. It is written atomically, so it is never incomplete. */
export class StateFile<Content> {
  readonly path: string;
  readonly #schema: z.ZodType<Content>;
  readonly #wayOut: string;

  /**
   * @param name its name in the state folder
   * @param wayOut what to do if it is damaged, for the message
   */
  constructor(name: string, schema: z.ZodType<Content>, wayOut: string) {
    this.path = join(stateFolder, name);
    this.#schema = schema;
    this.#wayOut = wayOut;
  }

  /**
   * Reads the file.
   *
   * @returns undefined if there is none
   * @throws UnavailableError if it is damaged
   */
  async read(): Promise<Content | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const { success, data } = this.#schema.safeParse(parsed(text));
    if (success) return data;
    throw new UnavailableError(`${this.path} is damaged; ${this.#wayOut}`);
  }

  /** Replaces the file. */
  async write(content: Content): Promise<void> {
    const written = `${this.path}.new`;
    const text = `${JSON.stringify(content, null, 2)}\n`;
    await writeFile(written, text, { mode: 0o600 }).catch((error: unknown) => {
      // a full disk is reported without the path
      throw Object.assign(error as Error, { path: written });
    });
    await rename(written, this.path);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
