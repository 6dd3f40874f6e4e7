import { TemporaryFolder } from "../../../system/temporary-folder.ts";
import { type Sources, synthesize, type Synthesis } from "./synthesize.ts";

/**
 * What is declared now, synthesized into a private folder: no file that was there before can become a part of it. The folder is removed
 * when it goes out of scope.
 */
export class SynthesizedFolder implements AsyncDisposable {
  readonly synthesis: Synthesis;
  readonly #folder: TemporaryFolder;
  #isKept = false;

  private constructor(synthesis: Synthesis, folder: TemporaryFolder) {
    this.synthesis = synthesis;
    this.#folder = folder;
  }

  /**
   * Runs `main.ts`.
   *
   * @param variables see {@link synthesize}
   * @param sources the folders of `main.ts` and of the files that it reads
   * @throws ExplainedError if the declaration is not valid
   */
  static async create(
    variables: NodeJS.ProcessEnv,
    sources: Sources = {},
  ): Promise<SynthesizedFolder> {
    const folder = await TemporaryFolder.create();
    try {
      return new SynthesizedFolder(await synthesize(folder.path, variables, sources), folder);
    } catch (error) {
      await folder[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The folder's path; terraform's folder, the stack's, is below it. */
  get path(): string {
    return this.#folder.path;
  }

  /** Leaves the folder behind, because it has the only copy of something. */
  keep(): void {
    this.#isKept = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isKept) await this.#folder[Symbol.asyncDispose]();
  }
}
