import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnavailableError } from "../text/errors.ts";

/** Temporary folder that is removed when its owner goes out of scope: `await using folder = await TemporaryFolder.create()`. */
export class TemporaryFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * @param parent the folder that it is created in, by default the operating system's
   * @throws UnavailableError if it cannot be created
   */
  static async create(parent = tmpdir()): Promise<TemporaryFolder> {
    const path = await mkdtemp(join(parent, "atlas-realm-")).catch((error: unknown) => {
      throw new UnavailableError(
        `cannot create a temporary folder; set TMPDIR to a writable folder: ${(error as Error).message}`,
      );
    });
    return new TemporaryFolder(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
