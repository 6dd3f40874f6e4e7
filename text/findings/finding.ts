/** A problem or a warning that a check found, for the formats of CI systems. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** Stable name of the kind of finding, such as `invalid-file`. */
  readonly check: string;
  /** The file, relative to the root of the repository; absent if the finding concerns no single file. */
  readonly file?: string | undefined;
  /** The line, from 1; absent if the finding concerns the whole file. */
  readonly line?: number | undefined;
  /** The column, from 1. */
  readonly column?: number | undefined;
  /** The problem and its fix. It may have several lines. */
  readonly message: string;
}
